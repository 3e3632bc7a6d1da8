import { Component } from 'preact'
import { useState } from 'preact/hooks'
import { type Conversation, type Entry, readers, type Row, summaryOf, type Tick } from 'parley-client'
import { fullTime, timeOfDay } from '../model/time'
import { isEmojis } from '../model/text'
import type { Chat } from '../session/chat'
import { isPicture } from '../session/media'
import { Attachments } from './Attachments'
import { Avatar, hueOf } from './Avatar'
import type { About } from './ConversationView'
import { EmojiPicker, QUICK } from './Emojis'
import { Icon, type IconName } from './Icon'
import { Confirm } from './Modal'
import { Popover } from './Popover'
import { Text } from './Text'

interface Props {
  row: Extract<Row, { type: 'message' }>
  chat: Chat
  conversation: Conversation
  me: string
  /** The mouse or the focus is on it: it shows what can be done with it. */
  active: boolean
  /** It is the one that the tab key comes to. */
  reachable: boolean
  flashed: boolean
  onActive: (key: string) => void
  onAbout: (about: About) => void
  onJump: (seq: number) => void
  onView: (attachment: string) => void
}

const EDIT_MILLIS = 24 * 3_600_000
const DELETE_MILLIS = 48 * 3_600_000

const TICKS: Record<Exclude<Tick, null>, string> = {
  waiting: 'not sent yet',
  sent: 'sent',
  delivered: 'delivered',
  read: 'read',
  refused: 'refused',
}

function Content({ row, chat, conversation, me, active, reachable, flashed, onActive, onAbout, onJump, onView }: Props) {
  const { entry, first, last, mine, tick, outgoing, key } = row
  const [menu, setMenu] = useState<DOMRect | null>(null)
  const [picker, setPicker] = useState<DOMRect | null>(null)
  const [confirming, setConfirming] = useState(false)
  const can = rights(entry, conversation, me, mine)
  const showsWho = conversation.group && !mine
  const hasPicture = entry.attachments.some(isPicture)
  const big = !entry.deleted && entry.replyTo === 0 && entry.attachments.length === 0 && isEmojis(entry.text)
  const classes = ['message', mine && 'mine', first && 'first', last && 'last', flashed && 'flashed', active && 'active', big && 'big', hasPicture && 'with-picture', entry.text === '' && 'without-text']

  const onKeyDown = (event: KeyboardEvent) => {
    if (event.target !== event.currentTarget) {
      return
    }
    const rect = (event.currentTarget as HTMLElement).querySelector('.bubble')!.getBoundingClientRect()
    const todo: Record<string, (() => void) | false> = {
      Enter: () => setMenu(rect),
      ContextMenu: () => setMenu(rect),
      r: can.reply && (() => onAbout({ what: 'reply', entry })),
      e: can.edit && (() => onAbout({ what: 'edit', entry })),
      '+': can.react && (() => setPicker(rect)),
      Delete: can.remove && (() => setConfirming(true)),
    }
    const act = event.ctrlKey || event.metaKey || event.altKey ? undefined : todo[event.key]
    if (act) {
      event.preventDefault()
      act()
    }
  }

  return (
    <article
      class={classes.filter(Boolean).join(' ')}
      data-key={key}
      data-seq={entry.seq || undefined}
      tabIndex={reachable ? 0 : -1}
      aria-label={`${mine ? 'You' : entry.from}, ${timeOfDay(entry.at)}${tick ? `, ${TICKS[tick]}` : ''}`}
      onFocusCapture={() => onActive(key)}
      onPointerEnter={(event) => event.pointerType === 'mouse' && onActive(key)}
      onClick={() => onActive(key)}
      onKeyDown={onKeyDown}
    >
      {showsWho && <span class="message-avatar">{last && <Avatar name={entry.from} size={32} />}</span>}
      <div class="bubble-place">
        <div class={entry.deleted ? 'bubble bubble-deleted' : 'bubble'}>
          {showsWho && first && <span class={`who ${hueOf(entry.from)}`}>{entry.from}</span>}
          {entry.replyTo > 0 && !entry.deleted && <Quote conversation={conversation} seq={entry.replyTo} me={me} onJump={onJump} />}
          <Attachments attachments={entry.attachments} chat={chat} onCancel={outgoing && !outgoing.refused ? () => chat.discard(conversation.id, outgoing.id) : null} onView={onView} />
          <span class="body">
            {entry.deleted ? (
              <>
                <Icon name="trash" size={15} /> Message deleted
              </>
            ) : entry.text ? (
              <Text text={entry.text} mentions={entry.mentions} me={me} />
            ) : (
              entry.contentType && <span class="odd">{entry.contentType}</span>
            )}
          </span>
          <span class="meta" title={meta(entry, conversation)}>
            {entry.edited && !entry.deleted && <span>edited</span>}
            <time dateTime={new Date(entry.at).toISOString()}>{timeOfDay(entry.at)}</time>
            {tick && <TickMark tick={tick} />}
          </span>
        </div>
        {active && entry.seq > 0 && (can.react || can.reply) && (
          <div class="actions">
            {can.react && (
              <button type="button" tabIndex={-1} aria-label="React" title="React" onClick={(event) => setPicker(event.currentTarget.getBoundingClientRect())}>
                <Icon name="smile" size={18} />
              </button>
            )}
            {can.reply && (
              <button type="button" tabIndex={-1} aria-label="Reply" title="Reply" onClick={() => onAbout({ what: 'reply', entry })}>
                <Icon name="reply" size={18} />
              </button>
            )}
            <button type="button" tabIndex={-1} aria-label="More" title="More" aria-haspopup="menu" onClick={(event) => setMenu(event.currentTarget.getBoundingClientRect())}>
              <Icon name="more" size={18} />
            </button>
          </div>
        )}
        {entry.reactions.length > 0 && (
          <div class="reactions">
            {entry.reactions.map((one) => (
              <button
                type="button"
                key={one.emoji}
                class={one.mine ? 'reaction reaction-mine' : 'reaction'}
                aria-pressed={one.mine === true}
                aria-label={`${one.emoji}, ${one.count}`}
                disabled={!can.react}
                onClick={() => chat.react(conversation.id, entry, one.emoji)}
              >
                <span>{one.emoji}</span>
                <span class="reaction-count">{one.count}</span>
              </button>
            ))}
          </div>
        )}
        {outgoing?.refused && (
          <div class="refusal" role="alert">
            <span>{outgoing.refused.message || 'The server refused this message.'}</span>
            <button type="button" class="link" onClick={() => chat.again(conversation.id, outgoing)}>
              Try again
            </button>
            <button type="button" class="link" onClick={() => chat.discard(conversation.id, outgoing.id)}>
              Discard
            </button>
          </div>
        )}
      </div>
      {menu && (
        <Popover anchor={menu} label="Message" role="menu" onClose={() => setMenu(null)}>
          {can.react && (
            <div class="quick" role="group" aria-label="React">
              {QUICK.map((emoji) => (
                <button type="button" role="menuitem" class="emoji" aria-label={`React with ${emoji}`} key={emoji} onClick={() => { setMenu(null); chat.react(conversation.id, entry, emoji) }}>
                  {emoji}
                </button>
              ))}
            </div>
          )}
          <Action show={can.reply} icon="reply" text="Reply" onClick={() => { setMenu(null); onAbout({ what: 'reply', entry }) }} />
          <Action show={can.edit} icon="edit" text="Edit" onClick={() => { setMenu(null); onAbout({ what: 'edit', entry }) }} />
          <Action show={entry.text !== ''} icon="copy" text="Copy text" onClick={() => { setMenu(null); void navigator.clipboard?.writeText(entry.text) }} />
          <Action show={can.remove} icon="trash" text="Delete for everybody" danger onClick={() => { setMenu(null); setConfirming(true) }} />
        </Popover>
      )}
      {picker && <EmojiPicker anchor={picker} label="React" onPick={(emoji) => chat.react(conversation.id, entry, emoji)} onClose={() => setPicker(null)} />}
      {confirming && (
        <Confirm
          title="Delete this message?"
          text="It disappears for everybody in this conversation."
          action="Delete"
          onConfirm={() => chat.remove(conversation.id, entry)}
          onClose={() => setConfirming(false)}
        />
      )}
    </article>
  )
}

/** Drawn again only when what it shows has changed. */
export class MessageRow extends Component<Props> {
  override shouldComponentUpdate(after: Props): boolean {
    const before = this.props
    return !(
      before.active === after.active &&
      before.reachable === after.reachable &&
      before.flashed === after.flashed &&
      before.row.entry === after.row.entry &&
      before.row.tick === after.row.tick &&
      before.row.outgoing === after.row.outgoing &&
      before.row.first === after.row.first &&
      before.row.last === after.row.last &&
      before.conversation.left === after.conversation.left &&
      before.conversation.role === after.conversation.role &&
      before.conversation.announcement === after.conversation.announcement &&
      (after.row.entry.replyTo === 0 || before.conversation.entries === after.conversation.entries) &&
      (!after.active || before.conversation.pointers === after.conversation.pointers)
    )
  }

  override render(props: Props) {
    return <Content {...props} />
  }
}

function Action(props: { show: boolean; icon: IconName; text: string; danger?: boolean; onClick: () => void }) {
  return props.show ? (
    <button type="button" role="menuitem" class={props.danger ? 'menu-item menu-danger' : 'menu-item'} onClick={props.onClick}>
      <Icon name={props.icon} /> {props.text}
    </button>
  ) : null
}

function Quote({ conversation, seq, me, onJump }: { conversation: Conversation; seq: number; me: string; onJump: (seq: number) => void }) {
  const entry = conversation.entries.find((one) => one.seq === seq)
  return (
    <button type="button" class={`quote ${hueOf(entry?.from ?? '')}`} tabIndex={-1} onClick={() => onJump(seq)}>
      <span class="quote-who">{entry ? (entry.from === me ? 'You' : entry.from) : 'An earlier message'}</span>
      <span class="quote-text">{entry ? summaryOf(entry, me) : 'Show it'}</span>
    </button>
  )
}

function TickMark({ tick }: { tick: Exclude<Tick, null> }) {
  if (tick === 'waiting' || tick === 'refused') {
    return (
      <span class={`tick tick-${tick}`} data-tick={tick}>
        <Icon name={tick === 'waiting' ? 'clock' : 'warning'} size={14} />
      </span>
    )
  }
  return (
    <span class={`tick tick-${tick}`} data-tick={tick}>
      <svg width="17" height="12" viewBox="0 0 17 12" aria-hidden="true">
        <path d={tick === 'sent' ? 'M4.5 6.5l3 3 6-7' : 'M1 6.5l3 3 6-7M8 8.5l1 1 6-7'} />
      </svg>
    </span>
  )
}

function rights(entry: Entry, conversation: Conversation, me: string, mine: boolean) {
  const there = entry.seq > 0 && !entry.deleted && !conversation.left
  const age = Date.now() - entry.at
  const leads = conversation.role === 'OWNER' || conversation.role === 'ADMIN'
  const writes = !conversation.announcement || leads
  return {
    reply: there && writes,
    react: there,
    edit: there && mine && writes && age < EDIT_MILLIS && (entry.text !== '' || entry.attachments.length > 0),
    remove: there && age < DELETE_MILLIS && (mine || (conversation.group && leads && me !== '')),
  }
}

function meta(entry: Entry, conversation: Conversation): string {
  const read = entry.seq > 0 ? readers(conversation, entry) : []
  return fullTime(entry.at) + (read.length > 0 && conversation.group ? `\nRead by ${read.join(', ')}` : '')
}
