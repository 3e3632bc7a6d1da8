import { ChatClient, Refused, sentence, type Attachment, type Notices, type Outgoing, type Transport, type Uploads } from 'parley-client'
import type { Media } from './media'

/** How far an upload is, is told so often. */
const PROGRESS_EVERY_MILLIS = 150

/** A file that the user chose. `preview`: its address in memory, empty if it is no picture. */
export interface Chosen {
  file: File
  preview: string
  width: number
  height: number
}

/** The signed-in page: a client that has files, too. */
export class Chat extends ChatClient {
  private readonly uploads: Uploads
  readonly media: Media
  /** The files of messages that are being uploaded. */
  private readonly files = new Map<string, { files: File[]; cancel: AbortController }>()

  constructor(me: string, device: string, transport: Transport, uploads: Uploads, media: Media, notices: Notices) {
    super(me, device, transport, localStorage, notices)
    this.uploads = uploads
    this.media = media
  }

  override stop(): void {
    this.files.forEach(({ cancel }) => cancel.abort())
    super.stop()
  }

  /** Sends a message; what is chosen is uploaded first. */
  override send(conversation: string, text: string, replyTo: number, mentions: string[], chosen: Chosen[] = []): void {
    if (chosen.length === 0) {
      super.send(conversation, text, replyTo, mentions)
      return
    }
    const attachments = chosen.map(({ file, preview, width, height }) => ({ id: '', name: file.name, contentType: file.type, size: file.size, sent: 0, preview, width, height }))
    const message = this.written(conversation, text, replyTo, mentions, attachments)
    this.files.set(message.id, { files: chosen.map(({ file }) => file), cancel: new AbortController() })
    void this.upload(conversation, message)
  }

  /** Sends a refused message again, as the same message. */
  override again(conversation: string, message: Outgoing): void {
    if (this.files.has(message.id)) {
      void this.upload(conversation, { ...message, refused: null })
    } else {
      super.again(conversation, message)
    }
  }

  /** Whether something would be lost with the page. */
  isUploading(): boolean {
    return this.files.size > 0
  }

  private async upload(conversation: string, message: Outgoing): Promise<void> {
    const { id } = message
    const sending = this.files.get(id)
    if (!sending) {
      return
    }
    this.happen({ type: 'sending', conversation, message })
    const attachments = [...message.attachments]
    try {
      for (const [at, attachment] of attachments.entries()) {
        const file = sending.files[at]
        if (attachment.id === '' && file) {
          const uploaded = await this.uploads.send(file, this.progress(conversation, id, at), sending.cancel.signal)
          attachments[at] = { ...attachment, id: uploaded, sent: file.size }
          this.happen({ type: 'uploading', conversation, id, at, attachment: { id: uploaded, sent: file.size } })
          if (attachment.preview) {
            this.media.keep(uploaded, Promise.resolve(attachment.preview))
          }
        }
      }
    } catch (problem) {
      if (!sending.cancel.signal.aborted) {
        const error = problem instanceof Refused ? problem.error : { message: sentence(problem) }
        this.happen({ type: 'refused', conversation, id, error })
      }
      return
    }
    this.files.delete(id)
    this.transmit(conversation, { ...message, attachments })
  }

  private progress(conversation: string, id: string, at: number): (sent: number) => void {
    let toldAt = 0
    return (sent) => {
      const now = Date.now()
      if (now - toldAt > PROGRESS_EVERY_MILLIS) {
        toldAt = now
        this.happen({ type: 'uploading', conversation, id, at, attachment: { sent } })
      }
    }
  }

  override discard(conversation: string, id: string): void {
    this.files.get(id)?.cancel.abort()
    this.files.delete(id)
    super.discard(conversation, id)
  }

  async download(attachment: Attachment): Promise<void> {
    try {
      await this.media.download(attachment)
    } catch (problem) {
      this.notices.problem(`${attachment.name || 'The file'} could not be loaded: ${problem instanceof Error ? problem.message : String(problem)}.`)
    }
  }
}
