import { useEffect, useRef, useState } from 'preact/hooks'
import { shownSize, sizeInWords } from '../model/size'
import type { Uploading } from 'parley-client'
import type { Chat } from '../session/chat'
import { isPicture, type Media } from '../session/media'
import { Icon } from './Icon'

interface Props {
  attachments: Uploading[]
  chat: Chat
  /** Takes back a message that is being uploaded. */
  onCancel: (() => void) | null
  onView: (id: string) => void
}

/** What is attached to a message: pictures side by side, then files. */
export function Attachments({ attachments, chat, onCancel, onView }: Props) {
  const pictures = attachments.filter(isPicture)
  const files = attachments.filter((one) => !isPicture(one))
  return (
    <>
      {pictures.length > 0 && (
        <div class={pictures.length > 1 ? 'pictures pictures-many' : 'pictures'}>
          {pictures.map((one, at) => (
            <Picture key={at} attachment={one} chat={chat} single={pictures.length === 1} onCancel={onCancel} onView={onView} />
          ))}
        </div>
      )}
      {files.map((one, at) => (
        <FileLine key={at} attachment={one} chat={chat} onCancel={onCancel} />
      ))}
    </>
  )
}

interface One {
  attachment: Uploading
  chat: Chat
  onCancel: (() => void) | null
}

function Picture({ attachment, chat, single, onCancel, onView }: One & { single: boolean; onView: (id: string) => void }) {
  const { id, name, width, height } = attachment
  const place = useRef<HTMLDivElement>(null)
  const { url, failed } = useThumbnail(chat.media, attachment, place)
  const size = shownSize(width, height)
  const waits = isUploading(attachment) && onCancel !== null
  if (failed) {
    return <FileLine attachment={attachment} chat={chat} onCancel={null} />
  }
  return (
    <div ref={place} class="picture" style={single ? { width: `${size.width}px`, aspectRatio: `${size.width} / ${size.height}` } : undefined}>
      <button type="button" class="picture-open" disabled={id === ''} aria-label={`Picture ${name ?? ''}`.trim()} onClick={() => onView(id)}>
        {url && <img src={url} alt="" draggable={false} decoding="async" />}
      </button>
      {waits && <Progress attachment={attachment} onCancel={onCancel} />}
    </div>
  )
}

/** The thumbnail's address when the picture comes near the screen. */
function useThumbnail(media: Media, attachment: Uploading, place: { current: HTMLDivElement | null }): { url: string; failed: boolean } {
  const { id, preview } = attachment
  const [url, setUrl] = useState(preview || media.shown(id))
  const [failed, setFailed] = useState(false)
  useEffect(() => {
    if (url !== '' || id === '' || !place.current) {
      return
    }
    let gone = false
    const observer = new IntersectionObserver(
      ([seen]) => {
        if (seen?.isIntersecting) {
          observer.disconnect()
          media.thumbnail(attachment).then(
            (address) => !gone && setUrl(address),
            () => !gone && setFailed(true),
          )
        }
      },
      { rootMargin: '800px 0px' },
    )
    observer.observe(place.current)
    return () => {
      gone = true
      observer.disconnect()
    }
  }, [id, url])
  return { url, failed }
}

function FileLine({ attachment, chat, onCancel }: One) {
  const { name, contentType, size } = attachment
  const shown = name || contentType || 'File'
  const waits = isUploading(attachment) && onCancel !== null
  const text = (
    <span class="file-text">
      <span class="file-name">{shown}</span>
      <span class="file-size">
        {waits ? `${sizeInWords(attachment.sent ?? 0)} of ${sizeInWords(size ?? 0)}` : size === undefined ? 'File' : sizeInWords(size)}
      </span>
    </span>
  )
  if (waits) {
    return (
      <div class="file">
        <span class="file-icon">
          <Progress attachment={attachment} onCancel={onCancel} />
        </span>
        {text}
      </div>
    )
  }
  return (
    <button type="button" class="file" disabled={attachment.id === ''} onClick={() => void chat.download(attachment)}>
      <span class="file-icon">
        <Icon name="download" />
      </span>
      <span class="hidden">Download </span>
      {text}
    </button>
  )
}

const AROUND = 2 * Math.PI * 19

/** How much is uploaded, around the button that stops it. */
function Progress({ attachment, onCancel }: { attachment: Uploading; onCancel: () => void }) {
  const part = Math.min(1, (attachment.sent ?? 0) / Math.max(1, attachment.size ?? 1))
  return (
    <span class="progress">
      <span class="hidden" role="progressbar" aria-label={`Uploading ${attachment.name ?? ''}`} aria-valuemin={0} aria-valuemax={100} aria-valuenow={Math.round(part * 100)} />
      <svg viewBox="0 0 44 44" aria-hidden="true">
        <circle cx="22" cy="22" r="19" stroke-dasharray={`${AROUND * Math.max(0.04, part)} ${AROUND}`} />
      </svg>
      <button type="button" aria-label={`Cancel the upload of ${attachment.name ?? 'the file'}`} onClick={onCancel}>
        <Icon name="close" size={20} />
      </button>
    </span>
  )
}

function isUploading({ id, sent, size }: Uploading): boolean {
  return id === '' || (sent !== undefined && sent < (size ?? 0))
}
