import { useEffect, useMemo, useRef, useState } from 'preact/hooks'
import { otherMember, type Conversation, type Entry, type State } from '../model/state'
import { list, timeline, title, typists } from '../model/timeline'
import { lastSeen } from '../model/time'
import type { Chat } from '../session/chat'
import { Avatar } from './Avatar'
import { Composer } from './Composer'
import { Details } from './Details'
import { Icon } from './Icon'
import { Timeline } from './Timeline'

interface Props {
  chat: Chat
  state: State
  conversation: Conversation
  jump: { seq: number } | null
  onJump: (seq: number) => void
  onBack: () => void
  onOpen: (id: string) => void
}

/** What the composer is about, besides a new message. */
export type About = { what: 'reply' | 'edit'; entry: Entry } | null

export function ConversationView({ chat, state, conversation, jump, onJump, onBack, onOpen }: Props) {
  const { id } = conversation
  const [about, setAbout] = useState<About>(null)
  const [details, setDetails] = useState(false)
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

  return (
    <section class="conversation" aria-label={`Conversation: ${name}`}>
      <header class="conversation-head">
        <button type="button" class="round back" aria-label="Back to the conversations" onClick={onBack}>
          <Icon name="back" />
        </button>
        <button type="button" class="conversation-who" aria-expanded={details} onClick={() => setDetails(!details)}>
          <Avatar name={name} seed={conversation.group ? id : name} size={40} online={!conversation.group && state.people[otherMember(conversation, state.me)]?.online === true} />
          <span class="conversation-names">
            <span class="conversation-title">
              {name}
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
          <Timeline chat={chat} state={state} conversation={conversation} rows={rows} jump={jump} onJump={onJump} onAbout={setAbout} />
          <Composer
            chat={chat}
            conversation={conversation}
            me={state.me}
            about={about}
            onAbout={setAbout}
            onSent={() => setUnreadAfter(null)}
          />
        </div>
        {details && <Details chat={chat} state={state} conversation={conversation} onClose={() => setDetails(false)} onOpen={onOpen} onLeft={onBack} />}
      </div>
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
