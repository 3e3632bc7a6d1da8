import { useEffect, useRef, useState } from 'preact/hooks'
import type { Conversation } from 'parley-client'
import { fullTime } from '../model/time'
import type { Chat } from '../session/chat'
import { isPicture } from '../session/media'
import { Icon } from './Icon'

interface Props {
  chat: Chat
  conversation: Conversation
  me: string
  /** The attachment that is shown. */
  shown: string
  onShow: (id: string) => void
  onClose: () => void
}

/** A picture as large as the screen; the arrows lead through the conversation's pictures that are loaded. */
export function Viewer({ chat, conversation, me, shown, onShow, onClose }: Props) {
  const dialog = useRef<HTMLDialogElement>(null)
  const [url, setUrl] = useState('')
  const [problem, setProblem] = useState(false)
  const all = conversation.entries.flatMap((entry) => entry.attachments.filter(isPicture).map((attachment) => ({ entry, attachment })))
  const at = all.findIndex(({ attachment }) => attachment.id === shown)
  const now = all[at]

  useEffect(() => dialog.current?.showModal(), [])

  useEffect(() => {
    if (!now) {
      onClose()
      return
    }
    let address = ''
    let gone = false
    setUrl(chat.media.shown(shown))
    setProblem(false)
    chat.media.whole(now.attachment).then(
      (whole) => {
        address = whole
        if (gone) {
          URL.revokeObjectURL(whole)
        } else {
          setUrl(whole)
        }
      },
      () => !gone && setProblem(true),
    )
    return () => {
      gone = true
      URL.revokeObjectURL(address)
    }
  }, [shown, now === undefined])

  const step = (by: number) => {
    const next = all[at + by]
    if (next) {
      onShow(next.attachment.id)
    }
  }

  return (
    <dialog
      ref={dialog}
      class="viewer"
      aria-label={`Picture ${now?.attachment.name ?? ''}`.trim()}
      onClose={onClose}
      onKeyDown={(event) => {
        const by = { ArrowLeft: -1, ArrowRight: 1 }[event.key]
        if (by) {
          event.preventDefault()
          step(by)
        }
      }}
    >
      {now && (
        <>
          <header class="viewer-head">
            <span class="viewer-text">
              <strong>{now.entry.from === me ? 'You' : now.entry.from}</strong>
              <span>{fullTime(now.entry.at)}</span>
            </span>
            <button type="button" class="round" aria-label={`Download ${now.attachment.name || 'the picture'}`} title="Download" onClick={() => void chat.download(now.attachment)}>
              <Icon name="download" />
            </button>
            <button type="button" class="round" aria-label="Close" title="Close" onClick={() => dialog.current?.close()}>
              <Icon name="close" />
            </button>
          </header>
          <div class="viewer-place" onClick={(event) => event.target === event.currentTarget && dialog.current?.close()}>
            {url && <img src={url} alt={now.attachment.name || 'Picture'} />}
            {problem && <p role="alert">The picture could not be loaded.</p>}
          </div>
          {at > 0 && (
            <button type="button" class="round viewer-step viewer-before" aria-label="The picture before" onClick={() => step(-1)}>
              <Icon name="back" size={28} />
            </button>
          )}
          {at < all.length - 1 && (
            <button type="button" class="round viewer-step viewer-after" aria-label="The next picture" onClick={() => step(1)}>
              <Icon name="next" size={28} />
            </button>
          )}
          {now.entry.text && <p class="viewer-caption">{now.entry.text}</p>}
        </>
      )}
    </dialog>
  )
}
