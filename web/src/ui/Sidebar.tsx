import { useEffect, useMemo, useRef, useState } from 'preact/hooks'
import { type Conversation, type Entry, list, newest, ordered, otherMember, type State, summaryOf, title, typists } from 'parley-client'
import { fullTime, shortTime } from '../model/time'
import type { Chat } from '../session/chat'
import { isPicture } from '../session/media'
import { Push } from '../session/push'
import { Avatar } from './Avatar'
import { Icon } from './Icon'
import { Popover } from './Popover'
import { setTheme, theme, type Theme } from './theme'

interface Props {
  chat: Chat
  state: State
  push: Push
  onOpen: (id: string, seq?: number) => void
  onCreate: () => void
  onSignOut: () => void
}

/** So many messages are shown of what was found. */
const FOUND = 30

export function Sidebar({ chat, state, push, onOpen, onCreate, onSignOut }: Props) {
  const [query, setQuery] = useState('')
  const [menu, setMenu] = useState<DOMRect | null>(null)
  const all = useMemo(() => ordered(state), [state.conversations])
  const wanted = query.trim().toLowerCase()
  const shown = wanted ? all.filter((one) => title(one, state.me).toLowerCase().includes(wanted)) : all
  const found = useMemo(() => (wanted.length > 1 ? search(all, wanted) : []), [all, wanted])

  return (
    <nav class="sidebar" aria-label="Conversations">
      <h1 class="hidden">Parley</h1>
      <header class="sidebar-head">
        <button
          type="button"
          class="me"
          aria-haspopup="menu"
          aria-expanded={menu !== null}
          onClick={(event) => setMenu(menu ? null : event.currentTarget.getBoundingClientRect())}
        >
          <Avatar name={state.me} size={36} online={state.link === 'online'} />
          <span class="me-name">{state.me}</span>
          <span class="hidden">Settings</span>
          <Icon name="down" size={16} />
        </button>
        <button type="button" class="round round-accent" aria-label="New conversation" title="New conversation" onClick={onCreate}>
          <Icon name="write" />
        </button>
        {menu && <Settings anchor={menu} push={push} onSignOut={onSignOut} onClose={() => setMenu(null)} />}
      </header>

      <div class="search" role="search">
        <Icon name="search" size={18} />
        <input type="search" placeholder="Search" aria-label="Search conversations and loaded messages" value={query} onInput={(event) => setQuery(event.currentTarget.value)} onKeyDown={(event) => event.key === 'Escape' && setQuery('')} />
      </div>

      <div class="sidebar-scroll">
        {state.invitations.map((invitation) => (
          <div class="invitation" key={invitation.conversation}>
            <p>
              <strong>{invitation.by}</strong> wants you in a group.
            </p>
            <div class="invitation-actions">
              <button type="button" class="button button-primary button-small" onClick={() => void chat.answerInvitation(invitation.conversation, true)}>
                Join
              </button>
              <button type="button" class="button button-small" onClick={() => void chat.answerInvitation(invitation.conversation, false)}>
                Decline
              </button>
            </div>
          </div>
        ))}
        {!state.listed && all.length === 0 && <Loading />}
        <ul class="conversations">
          {shown.map((one) => (
            <Item key={one.id} chat={chat} conversation={one} state={state} onOpen={onOpen} />
          ))}
        </ul>
        {found.length > 0 && (
          <>
            <h2 class="sidebar-title">Messages</h2>
            <ul class="conversations">
              {found.map(({ conversation, entry }) => (
                <li key={`${conversation.id} ${entry.seq}`}>
                  <a class="item" href={`#${conversation.id}`} onClick={(event) => { event.preventDefault(); onOpen(conversation.id, entry.seq) }}>
                    <Avatar name={title(conversation, state.me)} seed={conversation.id} />
                    <span class="item-body">
                      <span class="item-line">
                        <span class="item-title">{title(conversation, state.me)}</span>
                        <time class="item-time">{shortTime(entry.at, Date.now())}</time>
                      </span>
                      <span class="item-line">
                        <span class="item-preview">
                          {entry.from === state.me ? 'You' : entry.from}: {around(entry.text, wanted)}
                        </span>
                      </span>
                    </span>
                  </a>
                </li>
              ))}
            </ul>
          </>
        )}
        {wanted && shown.length === 0 && found.length === 0 && <p class="sidebar-empty">Nothing found in what is loaded.</p>}
        {state.listed && all.length === 0 && !wanted && <p class="sidebar-empty">Your conversations appear here.</p>}
      </div>
    </nav>
  )
}

function Item({ chat, conversation, state, onOpen }: { chat: Chat; conversation: Conversation; state: State; onOpen: (id: string) => void }) {
  const { id, unread, mentions, group } = conversation
  const name = title(conversation, state.me)
  const entry = newest(conversation)
  const waiting = conversation.outgoing[conversation.outgoing.length - 1]
  const at = waiting?.at ?? entry?.at ?? 0
  const muted = conversation.mutedUntil > Date.now()
  const typing = typists(conversation)
  const isOpen = state.open === id
  const online = !group && state.people[otherMember(conversation, state.me)]?.online === true
  const line = useRef<HTMLLIElement>(null)

  useEffect(() => {
    const observer = new IntersectionObserver(([seen]) => chat.inSight(id, seen?.isIntersecting === true))
    if (line.current) {
      observer.observe(line.current)
    }
    return () => {
      observer.disconnect()
      chat.inSight(id, false)
    }
  }, [id])

  return (
    <li ref={line}>
      <a
        class={isOpen ? 'item item-open' : 'item'}
        href={`#${id}`}
        aria-current={isOpen ? 'page' : undefined}
        onClick={(event) => {
          event.preventDefault()
          onOpen(id)
        }}
      >
        <Avatar name={name} seed={group ? id : name} online={online} />
        <span class="item-body">
          <span class="item-line">
            <span class="item-title">{name}</span>
            {muted && (
              <span class="item-muted" title="Muted">
                <Icon name="bellOff" size={14} />
                <span class="hidden">muted</span>
              </span>
            )}
            {at > 0 && (
              <time class={unread > 0 && !muted ? 'item-time item-time-new' : 'item-time'} dateTime={new Date(at).toISOString()} title={fullTime(at)}>
                {shortTime(at, Date.now())}
              </time>
            )}
          </span>
          <span class="item-line">
            <span class="item-preview">
              {typing.length > 0 ? (
                <span class="item-typing">{group ? `${list(typing)} typing…` : 'typing…'}</span>
              ) : waiting ? (
                <>
                  <Icon name={waiting.refused ? 'warning' : 'clock'} size={13} /> {waiting.text || 'File'}
                </>
              ) : entry ? (
                <>
                  {entry.kind === 'message' && entry.from === state.me && <span class="item-who">You: </span>}
                  {entry.kind === 'message' && group && entry.from !== state.me && <span class="item-who">{entry.from}: </span>}
                  {entry.attachments.length > 0 && <Icon name={entry.attachments.every(isPicture) ? 'image' : 'file'} size={15} />} {summaryOf(entry, state.me)}
                </>
              ) : (
                ' '
              )}
            </span>
            {mentions > 0 && (
              <span class="badge badge-mention" title="You are mentioned">
                @
              </span>
            )}
            {unread > 0 && (
              <span class={muted ? 'badge badge-muted' : 'badge'}>
                {unread > 999 ? '999+' : unread}
                <span class="hidden"> unread</span>
              </span>
            )}
          </span>
        </span>
      </a>
    </li>
  )
}

function Settings({ anchor, push, onSignOut, onClose }: { anchor: DOMRect; push: Push; onSignOut: () => void; onClose: () => void }) {
  const [notifying, setNotifying] = useState(push.isOn())
  const [chosen, setChosen] = useState<Theme>(theme())
  const next = { system: 'light', light: 'dark', dark: 'system' } as const
  const names = { system: 'as the system', light: 'light', dark: 'dark' } as const
  return (
    <Popover anchor={anchor} label="Settings" role="menu" onClose={onClose}>
      {Push.isPossible() && (
        <button
          type="button"
          role="menuitemcheckbox"
          aria-checked={notifying}
          class="menu-item"
          onClick={() => void (notifying ? push.stop().then(() => setNotifying(false)) : push.start().then(setNotifying))}
        >
          <Icon name={notifying ? 'bell' : 'bellOff'} /> Notifications
          <span class="menu-value">{notifying ? 'on' : 'off'}</span>
        </button>
      )}
      <button
        type="button"
        role="menuitem"
        class="menu-item"
        onClick={() => {
          setTheme(next[chosen])
          setChosen(next[chosen])
        }}
      >
        <Icon name={chosen === 'dark' ? 'moon' : 'sun'} /> Colours
        <span class="menu-value">{names[chosen]}</span>
      </button>
      <button type="button" role="menuitem" class="menu-item" onClick={onSignOut}>
        <Icon name="signOut" /> Sign out
      </button>
    </Popover>
  )
}

function Loading() {
  return (
    <div class="skeletons" role="status" aria-label="Loading conversations">
      {[0, 1, 2, 3, 4].map((key) => (
        <div class="skeleton" key={key} />
      ))}
    </div>
  )
}

interface Found {
  conversation: Conversation
  entry: Entry
}

/** The newest loaded messages that have the text. */
function search(all: Conversation[], wanted: string): Found[] {
  const found = all.flatMap((conversation) =>
    conversation.entries
      .filter((entry) => entry.kind === 'message' && entry.text.toLowerCase().includes(wanted))
      .map((entry) => ({ conversation, entry })),
  )
  return found.sort((a, b) => b.entry.at - a.entry.at).slice(0, FOUND)
}

function around(text: string, wanted: string): string {
  const at = text.toLowerCase().indexOf(wanted)
  return at > 30 ? `…${text.slice(at - 20)}` : text
}
