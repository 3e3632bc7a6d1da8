import { reacted } from './entries'
import { isAbout } from './reduce'
import { otherMember, type Conversation, type Entry, type Outgoing, type State } from './state'
import type { ChatEvent } from './wire'

/** Whether a message of the user's has arrived. */
export type Tick = 'waiting' | 'sent' | 'delivered' | 'read' | 'refused' | null

export type Row =
  | { type: 'day'; key: string; at: number }
  | { type: 'unread'; key: string }
  | { type: 'system'; key: string; entry: Entry }
  | { type: 'message'; key: string; entry: Entry; first: boolean; last: boolean; mine: boolean; tick: Tick; outgoing: Outgoing | null }

/** Messages of one sender within so many milliseconds stand together. */
const TOGETHER_MILLIS = 5 * 60_000

/** What the screen shows of a conversation, from top to bottom. `unreadAfter`: the seq behind which the line of new messages is; null for none. */
export function timeline(conversation: Conversation, me: string, unreadAfter: number | null): Row[] {
  const rows: Row[] = []
  const entries = conversation.entries.filter((entry) => entry.kind !== 'change').map((entry) => overlaid(entry, conversation))
  const all = [...entries, ...conversation.outgoing.map((one) => provisional(one, me))]
  const outgoing = new Map(conversation.outgoing.map((one) => [one.id, one]))
  const others = conversation.members.filter((member) => member !== me)
  // Where the first of them is not loaded, the line has no place yet.
  let marked = unreadAfter === null || conversation.from > unreadAfter + 1
  all.forEach((entry, at) => {
    const before = all[at - 1]
    if (!before || day(before.at) !== day(entry.at)) {
      rows.push({ type: 'day', key: `day ${day(entry.at)}`, at: entry.at })
    }
    if (!marked && entry.seq > (unreadAfter ?? 0) && entry.from !== me) {
      marked = true
      rows.push({ type: 'unread', key: 'unread' })
    }
    if (entry.kind === 'system') {
      rows.push({ type: 'system', key: String(entry.seq), entry })
      return
    }
    const waits = entry.seq === 0 ? (outgoing.get(entry.id) ?? null) : null
    rows.push({
      type: 'message',
      // The same for the message before and after it has its seq, so that nothing blinks.
      key: entry.from === me && entry.id ? entry.id : String(entry.seq),
      entry,
      first: rows[rows.length - 1]?.type !== 'message' || !together(before, entry),
      last: !together(entry, all[at + 1]),
      mine: entry.from === me,
      tick: entry.from === me ? tick(entry, waits, conversation, others) : null,
      outgoing: waits,
    })
  })
  return rows
}

function together(one: Entry | undefined, next: Entry | undefined): boolean {
  return (
    one !== undefined &&
    next !== undefined &&
    one.kind === 'message' &&
    next.kind === 'message' &&
    one.from === next.from &&
    next.at - one.at < TOGETHER_MILLIS &&
    day(one.at) === day(next.at)
  )
}

/** The calendar day in the user's time zone, as a number that grows. */
export function day(at: number): number {
  const date = new Date(at)
  return date.getFullYear() * 10000 + date.getMonth() * 100 + date.getDate()
}

function provisional(one: Outgoing, me: string): Entry {
  return {
    seq: 0,
    id: one.id,
    from: me,
    at: one.at,
    kind: 'message',
    asOf: 0,
    text: one.text,
    contentType: '',
    attachments: one.attachments,
    replyTo: one.replyTo,
    mentions: one.mentions,
    edited: false,
    deleted: false,
    reactions: [],
    event: { seq: 0 },
  }
}

/** The entry with the user's changes that are not sequenced yet. */
function overlaid(entry: Entry, conversation: Conversation): Entry {
  let after = entry
  for (const change of conversation.pending) {
    if (!isAbout(change, entry.seq) || after.deleted) {
      continue
    }
    if (change.edit) {
      after = { ...after, text: change.edit.text, edited: true }
    } else if (change.delete) {
      after = { ...after, text: '', attachments: [], contentType: '', reactions: [], deleted: true }
    } else if (change.react) {
      const { emoji, remove } = change.react
      const mine = after.reactions.find((one) => one.emoji === emoji)?.mine === true
      if (mine === (remove === true)) {
        after = { ...after, reactions: reacted(after.reactions, emoji, !remove, true) }
      }
    }
  }
  return after
}

function tick(entry: Entry, waits: Outgoing | null, conversation: Conversation, others: string[]): Tick {
  if (waits) {
    return waits.refused ? 'refused' : 'waiting'
  }
  const reached = (by: 'delivered' | 'read') =>
    others.length > 0 && others.every((member) => (conversation.pointers[member]?.[by] ?? 0) >= entry.seq)
  return reached('read') ? 'read' : reached('delivered') ? 'delivered' : 'sent'
}

/** Who has read up to an entry, besides its author. */
export function readers(conversation: Conversation, entry: Entry): string[] {
  return conversation.members.filter((member) => member !== entry.from && (conversation.pointers[member]?.read ?? 0) >= entry.seq)
}

/** What a conversation is called. */
export function title(conversation: Conversation, me: string): string {
  if (!conversation.group) {
    return otherMember(conversation, me) === me ? `${me} (you)` : otherMember(conversation, me)
  }
  return conversation.name || conversation.members.filter((member) => member !== me).join(', ') || 'Group'
}

/** The newest thing that was said, undefined if nothing is loaded. */
export function newest(conversation: Conversation): Entry | undefined {
  for (let at = conversation.entries.length - 1; at >= 0; at--) {
    const entry = conversation.entries[at]!
    if (entry.kind !== 'change') {
      return entry
    }
  }
  return undefined
}

/** When something was said last, or is being sent. */
export function lastAt(conversation: Conversation): number {
  return Math.max(newest(conversation)?.at ?? 0, conversation.outgoing[conversation.outgoing.length - 1]?.at ?? 0)
}

/** The conversations as the list shows them: the newest first. */
export function ordered(state: State): Conversation[] {
  return Object.values(state.conversations)
    .filter((one) => one.known || one.outgoing.length > 0)
    .map((one) => ({ one, at: lastAt(one) }))
    .sort((a, b) => b.at - a.at || b.one.unread - a.one.unread || a.one.id.localeCompare(b.one.id))
    .map(({ one }) => one)
}

export function typists(conversation: Conversation): string[] {
  return Object.keys(conversation.typing).sort()
}

/** A system entry in words. */
export function inWords(event: ChatEvent, me: string): string {
  const who = event.from === me ? 'You' : (event.from ?? 'Somebody')
  const names = (users: string[] | undefined) => list((users ?? []).map((user) => (user === me ? 'you' : user)))
  if (event.groupCreated) {
    return `${who} created the group “${event.groupCreated.name ?? ''}”`
  }
  if (event.membersAdded) {
    return `${who} added ${names(event.membersAdded.users)}`
  }
  if (event.membersRemoved) {
    return `${who} removed ${names(event.membersRemoved.users)}`
  }
  if (event.memberLeft) {
    const user = event.memberLeft.user ?? event.from
    return user === me ? 'You left' : `${user} left`
  }
  if (event.roleChanged) {
    const { user, role } = event.roleChanged
    const whom = user === me ? 'you' : user
    return role === 'MEMBER' ? `${who} made ${whom} a plain member` : `${who} made ${whom} ${role === 'OWNER' ? 'an owner' : 'an admin'}`
  }
  if (event.renamed) {
    return `${who} renamed the group to “${event.renamed.name ?? ''}”`
  }
  if (event.described) {
    return event.described.description ? `${who} changed the description` : `${who} removed the description`
  }
  if (event.avatarChanged) {
    return `${who} changed the group’s picture`
  }
  if (event.announcementChanged) {
    return event.announcementChanged.on ? `${who} made this an announcement group: only admins write` : `${who} lets everybody write again`
  }
  if (event.addRightChanged) {
    return event.addRightChanged.role === 'MEMBER' ? `${who} lets every member add people` : `${who} lets only admins add people`
  }
  if (event.retentionChanged) {
    const retention = event.retentionChanged.retention
    const how = retention?.days ? `for ${retention.days} days` : retention?.untilDelivered ? 'until they are delivered' : 'for ever'
    return `${who} set messages to be kept ${how}`
  }
  if (event.readReceiptsChanged) {
    return `${who} switched read receipts ${event.readReceiptsChanged.on ? 'on' : 'off'}`
  }
  if (event.messagePinned) {
    return `${who} pinned a message`
  }
  if (event.messageUnpinned) {
    return `${who} unpinned a message`
  }
  return `${event.userErased?.user ?? 'Somebody'} is no longer here`
}

/** `a, b and c`. */
export function list(words: string[]): string {
  return words.length < 2 ? (words[0] ?? '') : `${words.slice(0, -1).join(', ')} and ${words[words.length - 1]}`
}

/** One line that stands for an entry, in the list of conversations and in a quote. */
export function summaryOf(entry: Entry, me: string): string {
  if (entry.kind === 'system') {
    return inWords(entry.event, me)
  }
  if (entry.deleted) {
    return 'Message deleted'
  }
  if (entry.text) {
    return entry.text.replace(/\s+/g, ' ').slice(0, 200)
  }
  const attachment = entry.attachments[0]
  if (attachment) {
    const many = entry.attachments.length
    const pictures = entry.attachments.every((one) => one.contentType?.startsWith('image/'))
    return many > 1 ? `${many} ${pictures ? 'pictures' : 'files'}` : pictures ? 'Picture' : attachment.name || 'File'
  }
  return entry.contentType || 'Message'
}
