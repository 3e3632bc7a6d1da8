import { useEffect, useLayoutEffect, useRef, useState } from 'preact/hooks'
import { type Conversation, summaryOf, timeline, title } from 'parley-client'
import { mentioned } from '../model/text'
import type { Chat, Chosen } from '../session/chat'
import { Avatar } from './Avatar'
import type { About } from './ConversationView'
import { EmojiPicker } from './Emojis'
import { Icon } from './Icon'
import { Tray } from './Tray'

interface Props {
  chat: Chat
  conversation: Conversation
  me: string
  about: About
  onAbout: (about: About) => void
  chosen: Chosen[]
  onFiles: (files: Iterable<File>) => void
  onChosen: (change: (before: Chosen[]) => Chosen[]) => void
  onSent: () => void
}

/** What was typed and not sent, by conversation, as long as the page is open. */
const drafts = new Map<string, string>()

const SUGGESTED = 6

export function mayWrite(conversation: Conversation): boolean {
  return !conversation.left && !(conversation.announcement && conversation.role === 'MEMBER')
}

/** Where messages are written. Enter sends, Shift+Enter makes a line; on phones Enter makes a line. */
export function Composer({ chat, conversation, me, about, onAbout, chosen: files, onFiles, onChosen, onSent }: Props) {
  const { id } = conversation
  const [text, setText] = useState(drafts.get(id) ?? '')
  const [picker, setPicker] = useState<DOMRect | null>(null)
  const [chosen, setChosen] = useState(0)
  const [caret, setCaret] = useState(0)
  const [dismissed, setDismissed] = useState(false)
  const input = useRef<HTMLTextAreaElement>(null)
  const picking = useRef<HTMLInputElement>(null)

  useEffect(() => {
    if (matchMedia('(pointer: fine)').matches) {
      input.current?.focus()
    }
    return () => chat.stoppedTyping(id)
  }, [id])

  // Before anything of it is seen: who types at once must not type into the messages.
  useLayoutEffect(() => {
    if (about?.what === 'edit') {
      setText(about.entry.text)
    }
    if (about) {
      input.current?.focus()
    }
  }, [about])

  useLayoutEffect(() => {
    const box = input.current
    if (box) {
      box.style.height = 'auto'
      box.style.height = `${Math.min(box.scrollHeight, 168)}px`
    }
  }, [text])

  const editing = about?.what === 'edit'
  const fragment = /(?:^|\s)@([a-z0-9_.-]*)$/.exec(text.slice(0, caret))?.[1]
  const suggestions =
    conversation.group && fragment !== undefined && !dismissed
      ? conversation.members.filter((member) => member !== me && member.startsWith(fragment)).slice(0, SUGGESTED)
      : []
  const suggested = suggestions[Math.min(chosen, suggestions.length - 1)]

  const write = (next: string, at: number) => {
    setText(next)
    setCaret(at)
    setChosen(0)
    setDismissed(false)
    if (about?.what !== 'edit') {
      drafts.set(id, next)
    }
    if (next.trim() === '') {
      chat.stoppedTyping(id)
    } else if (about?.what !== 'edit') {
      chat.typing(id)
    }
  }

  const insert = (what: string) => {
    const box = input.current
    const start = box?.selectionStart ?? text.length
    write(text.slice(0, start) + what + text.slice(box?.selectionEnd ?? start), start + what.length)
    setTimeout(() => {
      box?.focus()
      box?.setSelectionRange(start + what.length, start + what.length)
    })
  }

  const mention = (user: string) => {
    const start = caret - (fragment?.length ?? 0)
    const next = `${text.slice(0, start)}${user} ${text.slice(caret)}`
    write(next, start + user.length + 1)
    setTimeout(() => input.current?.setSelectionRange(start + user.length + 1, start + user.length + 1))
  }

  const end = () => {
    if (about?.what === 'edit') {
      setText(drafts.get(id) ?? '')
    }
    onAbout(null)
  }

  const send = () => {
    const said = text.trim()
    if (about?.what === 'edit') {
      if (said !== '' && said !== about.entry.text) {
        chat.edit(id, about.entry, said)
      }
      end()
      return
    }
    if (said === '' && files.length === 0) {
      return
    }
    chat.send(id, said, about?.entry.seq ?? 0, conversation.group ? mentioned(said, conversation.members) : [], files)
    drafts.delete(id)
    setText('')
    onChosen(() => [])
    onAbout(null)
    onSent()
  }

  const onKeyDown = (event: KeyboardEvent) => {
    if (event.isComposing) {
      return
    }
    if (suggested !== undefined) {
      const step = { ArrowDown: 1, ArrowUp: -1 }[event.key]
      if (step) {
        event.preventDefault()
        setChosen((chosen + step + suggestions.length) % suggestions.length)
        return
      }
      if (event.key === 'Enter' || event.key === 'Tab') {
        event.preventDefault()
        mention(suggested)
        return
      }
      if (event.key === 'Escape') {
        event.preventDefault()
        setDismissed(true)
        return
      }
    }
    if (event.key === 'Enter' && !event.shiftKey && matchMedia('(pointer: fine)').matches) {
      event.preventDefault()
      send()
    } else if (event.key === 'Escape' && about) {
      event.preventDefault()
      end()
    } else if (event.key === 'ArrowUp' && text === '' && !about) {
      const mine = timeline(conversation, me, null).filter((row) => row.type === 'message' && row.mine && row.entry.seq > 0 && !row.entry.deleted && row.entry.text !== '')
      const row = mine[mine.length - 1]
      if (row?.type === 'message') {
        event.preventDefault()
        onAbout({ what: 'edit', entry: row.entry })
      }
    }
  }

  if (conversation.left) {
    return <p class="composer-closed">You are no member of this conversation any more.</p>
  }
  if (conversation.announcement && conversation.role === 'MEMBER') {
    return <p class="composer-closed">Only admins write here.</p>
  }
  return (
    <form
      class="composer"
      onSubmit={(event) => {
        event.preventDefault()
        send()
      }}
    >
      {suggestions.length > 0 && (
        <ul class="suggestions" role="listbox" id="suggestions" aria-label="Mention">
          {suggestions.map((member, at) => (
            <li
              role="option"
              id={`suggestion-${at}`}
              aria-selected={member === suggested}
              key={member}
              onPointerDown={(event) => {
                event.preventDefault()
                mention(member)
              }}
            >
              <Avatar name={member} size={28} /> {member}
            </li>
          ))}
        </ul>
      )}
      {about && (
        <div class="about">
          <Icon name={about.what} size={18} />
          <span class="about-text">
            <strong>{about.what === 'edit' ? 'Edit' : `Reply to ${about.entry.from === me ? 'yourself' : about.entry.from}`}</strong>
            <span>{summaryOf(about.entry, me)}</span>
          </span>
          <button type="button" class="round" aria-label={about.what === 'edit' ? 'Do not edit' : 'Do not reply'} onClick={end}>
            <Icon name="close" size={18} />
          </button>
        </div>
      )}
      {files.length > 0 && !editing && (
        <Tray
          chosen={files}
          onRemove={(gone) => {
            URL.revokeObjectURL(gone.preview)
            onChosen((before) => before.filter((one) => one !== gone))
            input.current?.focus()
          }}
        />
      )}
      <div class="composer-line">
        {!editing && (
          <button type="button" class="round" aria-label="Attach files" title="Attach files" onClick={() => picking.current?.click()}>
            <Icon name="attach" />
          </button>
        )}
        <input
          ref={picking}
          type="file"
          multiple
          hidden
          onChange={(event) => {
            onFiles([...(event.currentTarget.files ?? [])])
            event.currentTarget.value = ''
            input.current?.focus()
          }}
        />
        <textarea
          ref={input}
          rows={1}
          value={text}
          placeholder={files.length > 0 && !editing ? 'Add a caption' : 'Message'}
          aria-label={`Message to ${title(conversation, me)}`}
          aria-autocomplete={conversation.group ? 'list' : undefined}
          aria-controls={suggestions.length > 0 ? 'suggestions' : undefined}
          aria-activedescendant={suggested === undefined ? undefined : `suggestion-${suggestions.indexOf(suggested)}`}
          enterkeyhint="enter"
          onInput={(event) => write(event.currentTarget.value, event.currentTarget.selectionStart)}
          onSelect={(event) => setCaret(event.currentTarget.selectionStart)}
          onKeyDown={onKeyDown}
          onPaste={(event) => {
            const pasted = [...(event.clipboardData?.files ?? [])]
            if (pasted.length > 0 && !editing) {
              event.preventDefault()
              onFiles(pasted)
            }
          }}
        />
        <button type="button" class="round" aria-label="Emojis" title="Emojis" onClick={(event) => setPicker(event.currentTarget.getBoundingClientRect())}>
          <Icon name="smile" />
        </button>
        <button type="submit" class="send" aria-label={about?.what === 'edit' ? 'Save' : 'Send'} disabled={text.trim() === '' && (editing || files.length === 0)}>
          <Icon name={about?.what === 'edit' ? 'check' : 'send'} />
        </button>
      </div>
      {picker && <EmojiPicker anchor={picker} label="Emojis" onPick={insert} onClose={() => setPicker(null)} />}
    </form>
  )
}
