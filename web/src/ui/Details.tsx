import { useState } from 'preact/hooks'
import { type Conversation, directId, otherMember, type Role, type State, title } from 'parley-client'
import { lastSeen } from '../model/time'
import type { Chat } from '../session/chat'
import { isUser } from '../session/credentials'
import { Avatar } from './Avatar'
import { Icon } from './Icon'
import { Confirm } from './Modal'
import { Popover } from './Popover'

interface Props {
  chat: Chat
  state: State
  conversation: Conversation
  onClose: () => void
  onOpen: (id: string) => void
  onLeft: () => void
}

const HOUR = 3_600_000
const MUTES: [string, number][] = [
  ['for an hour', HOUR],
  ['for 8 hours', 8 * HOUR],
  ['for a week', 7 * 24 * HOUR],
  ['until you switch it on again', Infinity],
]

/** Who is in a conversation, and what can be set. */
export function Details({ chat, state, conversation, onClose, onOpen, onLeft }: Props) {
  const { id, group, role } = conversation
  const [muting, setMuting] = useState<DOMRect | null>(null)
  const [renaming, setRenaming] = useState<string | null>(null)
  const [adding, setAdding] = useState('')
  const [leaving, setLeaving] = useState(false)
  const [member, setMember] = useState<{ user: string; anchor: DOMRect } | null>(null)
  const name = title(conversation, state.me)
  const muted = conversation.mutedUntil > Date.now()
  const leads = role === 'OWNER' || role === 'ADMIN'
  const adds = group && !conversation.left && (leads || conversation.addRight === 'MEMBER')

  const rename = (event: Event) => {
    event.preventDefault()
    const next = (renaming ?? '').trim()
    if (next && next !== conversation.name) {
      void chat.act({ rename: { conversation: id, name: next } })
    }
    setRenaming(null)
  }

  const add = (event: Event) => {
    event.preventDefault()
    const user = adding.trim().toLowerCase()
    if (isUser(user)) {
      void chat.act({ addMembers: { conversation: id, users: [user] } })
      setAdding('')
    }
  }

  const shown = conversation.members.slice().sort((a, b) => Number(state.people[b]?.online ?? false) - Number(state.people[a]?.online ?? false) || a.localeCompare(b))

  return (
    <aside class="details" aria-label="Details" onKeyDown={(event) => event.key === 'Escape' && onClose()}>
      <header class="details-head">
        <h2>{group ? 'Group' : 'Person'}</h2>
        <button type="button" class="round" aria-label="Close the details" onClick={onClose}>
          <Icon name="close" />
        </button>
      </header>
      <div class="details-scroll">
        <div class="details-who">
          <Avatar name={name} seed={group ? id : name} size={88} />
          {renaming === null ? (
            <h3>
              {name}
              {group && leads && !conversation.left && (
                <button type="button" class="round round-small" aria-label="Rename the group" onClick={() => setRenaming(conversation.name)}>
                  <Icon name="edit" size={17} />
                </button>
              )}
            </h3>
          ) : (
            <form class="inline-form" onSubmit={rename}>
              <input aria-label="Name of the group" maxLength={200} value={renaming} onInput={(event) => setRenaming(event.currentTarget.value)} />
              <button type="submit" class="button button-primary button-small">
                Save
              </button>
            </form>
          )}
          {conversation.description && <p class="details-text">{conversation.description}</p>}
          {!group && <p class="details-text">{seen(state, otherMember(conversation, state.me))}</p>}
        </div>

        {conversation.known && !conversation.left && (
          <button
            type="button"
            class="menu-item"
            aria-haspopup={muted ? undefined : 'menu'}
            onClick={(event) => (muted ? void chat.unmute(id) : setMuting(event.currentTarget.getBoundingClientRect()))}
          >
            <Icon name={muted ? 'bellOff' : 'bell'} />
            {muted ? 'Muted' : 'Notifications'}
            <span class="menu-value">{muted ? 'switch on' : 'mute…'}</span>
          </button>
        )}
        {muting && (
          <Popover anchor={muting} label="Mute" role="menu" onClose={() => setMuting(null)}>
            {MUTES.map(([text, millis]) => (
              <button type="button" role="menuitem" class="menu-item" key={text} onClick={() => { setMuting(null); void chat.mute(id, Date.now() + millis) }}>
                Mute {text}
              </button>
            ))}
          </Popover>
        )}

        {group && (
          <>
            <h3 class="details-title">
              {conversation.members.length} {conversation.members.length === 1 ? 'member' : 'members'}
            </h3>
            {adds && (
              <form class="inline-form" onSubmit={add}>
                <input aria-label="Add a member by name" placeholder="Add a member by name" autocapitalize="none" spellcheck={false} maxLength={64} value={adding} onInput={(event) => setAdding(event.currentTarget.value)} />
                <button type="submit" class="button button-primary button-small" disabled={!isUser(adding.trim().toLowerCase())}>
                  Add
                </button>
              </form>
            )}
            <ul class="members">
              {shown.map((user) => (
                <li class="member" key={user}>
                  <Avatar name={user} size={36} online={state.people[user]?.online === true} />
                  <span class="member-body">
                    <span class="member-name">{user === state.me ? `${user} (you)` : user}</span>
                    <span class="member-sub">{words(roleOf(conversation, user, state.me)) ?? seen(state, user)}</span>
                  </span>
                  {user !== state.me && (
                    <button
                      type="button"
                      class="round"
                      aria-label={`What to do with ${user}`}
                      aria-haspopup="menu"
                      onClick={(event) => setMember({ user, anchor: event.currentTarget.getBoundingClientRect() })}
                    >
                      <Icon name="more" />
                    </button>
                  )}
                </li>
              ))}
            </ul>
            {!conversation.left && (
              <button type="button" class="menu-item menu-danger" onClick={() => setLeaving(true)}>
                <Icon name="leave" /> Leave the group
              </button>
            )}
          </>
        )}
      </div>
      {member && (
        <Popover anchor={member.anchor} label={member.user} role="menu" onClose={() => setMember(null)}>
          <button type="button" role="menuitem" class="menu-item" onClick={() => { setMember(null); onOpen(directId(state.me, member.user)) }}>
            <Icon name="person" /> Write to {member.user}
          </button>
          {role === 'OWNER' &&
            (['ADMIN', 'OWNER', 'MEMBER'] as const)
              .filter((other) => other !== roleOf(conversation, member.user, state.me))
              .map((other) => (
                <button
                  type="button"
                  role="menuitem"
                  class="menu-item"
                  key={other}
                  onClick={() => {
                    setMember(null)
                    void chat.act({ setRole: { conversation: id, user: member.user, role: other } })
                  }}
                >
                  <Icon name="group" /> Make {other === 'MEMBER' ? 'a plain member' : other === 'ADMIN' ? 'an admin' : 'an owner'}
                </button>
              ))}
          {leads && (
            <button
              type="button"
              role="menuitem"
              class="menu-item menu-danger"
              onClick={() => {
                setMember(null)
                void chat.act({ removeMembers: { conversation: id, users: [member.user] } })
              }}
            >
              <Icon name="trash" /> Remove from the group
            </button>
          )}
        </Popover>
      )}
      {leaving && (
        <Confirm
          title="Leave this group?"
          text="You get no more of its messages, until somebody adds you again."
          action="Leave"
          onConfirm={() => void chat.act({ leave: { conversation: id } }).then((reply) => reply && onLeft())}
          onClose={() => setLeaving(false)}
        />
      )}
    </aside>
  )
}

/** Null: nobody has told. */
function roleOf(conversation: Conversation, user: string, me: string): Role | null {
  return user === me ? conversation.role : (conversation.roles[user] ?? null)
}

function words(role: Role | null): string | null {
  return role === 'OWNER' ? 'owner' : role === 'ADMIN' ? 'admin' : null
}

function seen(state: State, user: string): string {
  const person = state.people[user]
  return person?.online ? 'online' : person?.lastSeen ? lastSeen(person.lastSeen, Date.now()) : ' '
}
