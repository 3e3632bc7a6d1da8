import { useEffect, useMemo, useRef, useState } from 'preact/hooks'
import { type Conversation, type Entry, list, otherMember, type State, timeline, title, typists } from 'parley-client'
import { lastSeen } from '../model/time'
import type { Chat, Chosen } from '../session/chat'
import { Avatar } from './Avatar'
import { Composer, mayWrite } from './Composer'
import { Details } from './Details'
import { Icon } from './Icon'
import { Timeline } from './Timeline'
import { choose, MOST_FILES } from './Tray'
import { Viewer } from './Viewer'

interface Props {
  chat: Chat
  state: State
  conversation: Conversation
  jump: { seq: number } | null
  onJump: (seq: number) => void
  onBack: () => void
  onOpen: (id: string) => void
}

/** What was chosen and not sent, by conversation, as long as the page is open. */
const unsent = new Map<string, Chosen[]>()

/** What the composer is about, besides a new message. */
export type About = { what: 'reply' | 'edit'; entry: Entry } | null

export function ConversationView({ chat, state, conversation, jump, onJump, onBack, onOpen }: Props) {
  const { id } = conversation
  const [about, setAbout] = useState<About>(null)
  const [details, setDetails] = useState(false)
  const [viewed, setViewed] = useState<string | null>(null)
  const [chosen, setChosen] = useState<Chosen[]>(unsent.get(id) ?? [])
  const [dropping, setDropping] = useState(false)
  const [unreadAfter, setUnreadAfter] = useState(() => (conversation.unread > 0 ? conversation.read : null))
  const settled = useRef(conversation.known)

  // The list may come after the conversation was opened.
  useEffect(() => {
    if (!settled.current && conversation.known) {
      settled.current = true
      setUnreadAfter(conversation.unread > 0 ? conversation.read : null)
    }
  }, [conversation.known])

  // What comes while nobody looks is new when the user is back.
  useEffect(() => {
    const away = () => {
      const known = chat.state.conversations[id]
      if (known && known.unread === 0 && known.to > 0) {
        setUnreadAfter(known.to)
      }
    }
    addEventListener('blur', away)
    return () => removeEventListener('blur', away)
  }, [id])

  const rows = useMemo(
    () => timeline(conversation, state.me, unreadAfter),
    [conversation.entries, conversation.outgoing, conversation.pending, conversation.pointers, conversation.members, unreadAfter],
  )
  const name = title(conversation, state.me)
  const writes = mayWrite(conversation)

  const withChosen = (change: (before: Chosen[]) => Chosen[]) =>
    setChosen((before) => {
      const after = change(before)
      unsent.set(id, after)
      return after
    })
  const add = async (files: Iterable<File>) => {
    const more = await choose(files)
    withChosen((before) => [...before, ...more].slice(0, MOST_FILES))
  }

  const hasFiles = (event: DragEvent) => writes && event.dataTransfer?.types.includes('Files') === true
  const onDrop = (event: DragEvent) => {
    setDropping(false)
    if (hasFiles(event)) {
      event.preventDefault()
      void add(event.dataTransfer?.files ?? [])
    }
  }

  return (
    <section
      class="conversation"
      aria-label={`Conversation: ${name}`}
      onDragOver={(event) => {
        if (hasFiles(event)) {
          event.preventDefault()
          setDropping(true)
        }
      }}
      onDragLeave={(event) => !event.currentTarget.contains(event.relatedTarget as Node | null) && setDropping(false)}
      onDrop={onDrop}
    >
      <header class="conversation-head">
        <button type="button" class="round back" aria-label="Back to the conversations" onClick={onBack}>
          <Icon name="back" />
        </button>
        <button type="button" class="conversation-who" aria-expanded={details} onClick={() => setDetails(!details)}>
          <Avatar name={name} seed={conversation.group ? id : name} size={40} online={!conversation.group && state.people[otherMember(conversation, state.me)]?.online === true} />
          <span class="conversation-names">
            <span class="conversation-title">
              <span class="conversation-name">{name}</span>
              {conversation.mutedUntil > Date.now() && <Icon name="bellOff" size={15} />}
            </span>
            <Presence conversation={conversation} state={state} />
          </span>
        </button>
        <button type="button" class="round" aria-label="Details" title="Details" aria-expanded={details} onClick={() => setDetails(!details)}>
          <Icon name="info" />
        </button>
      </header>
      <div class="conversation-body">
        <div class="conversation-talk">
          <Timeline chat={chat} state={state} conversation={conversation} rows={rows} jump={jump} onJump={onJump} onAbout={setAbout} onView={setViewed} />
          <Composer
            chat={chat}
            conversation={conversation}
            me={state.me}
            about={about}
            onAbout={setAbout}
            chosen={chosen}
            onFiles={(files) => void add(files)}
            onChosen={withChosen}
            onSent={() => setUnreadAfter(null)}
          />
          {dropping && (
            <div class="dropping" aria-hidden="true">
              <Icon name="attach" size={36} />
              <p>Drop it here to send it to {name}</p>
            </div>
          )}
        </div>
        {details && <Details chat={chat} state={state} conversation={conversation} onClose={() => setDetails(false)} onOpen={onOpen} onLeft={onBack} />}
      </div>
      {viewed !== null && <Viewer chat={chat} conversation={conversation} me={state.me} shown={viewed} onShow={setViewed} onClose={() => setViewed(null)} />}
    </section>
  )
}

function Presence({ conversation, state }: { conversation: Conversation; state: State }) {
  const typing = typists(conversation)
  if (typing.length > 0) {
    return (
      <span class="conversation-sub conversation-typing" aria-live="polite">
        {conversation.group ? `${list(typing)} ${typing.length === 1 ? 'is' : 'are'} typing` : 'typing'}
        <span class="dots" aria-hidden="true">
          <i />
          <i />
          <i />
        </span>
      </span>
    )
  }
  if (conversation.group) {
    const online = conversation.members.filter((member) => member !== state.me && state.people[member]?.online).length
    const members = conversation.members.length
    return (
      <span class="conversation-sub">
        {members === 1 ? '1 member' : `${members} members`}
        {online > 0 && `, ${online} online`}
      </span>
    )
  }
  const person = state.people[otherMember(conversation, state.me)]
  return <span class="conversation-sub">{person?.online ? 'online' : person?.lastSeen ? lastSeen(person.lastSeen, Date.now()) : ' '}</span>
}
