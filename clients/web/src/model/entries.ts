import type { Attachment, ChatEvent, Property, ReactionCount } from './wire'
import type { Entry } from './state'

/** Makes an entry of an event. `asOf`: the head of the page that it stood on, or 0 for one that came live. */
export function toEntry(event: ChatEvent, asOf: number): Entry {
  return {
    seq: event.seq,
    id: event.id ?? '',
    from: event.from ?? '',
    at: event.at ? Date.parse(event.at) : 0,
    kind: kindOf(event),
    asOf: Math.max(asOf, event.seq),
    text: event.text ?? '',
    contentType: event.data === undefined ? '' : (event.contentType ?? 'application/octet-stream'),
    attachments: withDimensions(event),
    replyTo: event.replyTo ?? 0,
    mentions: event.mentions ?? [],
    edited: event.edited === true,
    deleted: event.deletedMessage !== undefined,
    reactions: event.reactions ?? [],
    event,
  }
}

/** The property in which this page tells how large pictures are, so that their place is as large before they are there: `1200x800 640x480`. */
const DIMENSIONS = 'dimensions'

function withDimensions({ attachments, properties }: ChatEvent): Attachment[] {
  const told = properties?.find(({ name }) => name === DIMENSIONS)?.value.split(' ') ?? []
  return (attachments ?? []).map((attachment, at) => {
    const [, width, height] = /^(\d{1,5})x(\d{1,5})$/.exec(told[at] ?? '') ?? []
    return Number(width) > 0 && Number(height) > 0 ? { ...attachment, width: Number(width), height: Number(height) } : attachment
  })
}

/** The property for a message with these attachments; none if no picture is among them. */
export function dimensions(attachments: Attachment[]): Property[] {
  const value = attachments.map(({ width, height }) => `${width ?? 0}x${height ?? 0}`).join(' ')
  return attachments.some(({ width }) => (width ?? 0) > 0) ? [{ name: DIMENSIONS, value }] : []
}

function kindOf(event: ChatEvent): Entry['kind'] {
  if ((event.edited !== undefined && event.edited !== true) || event.deleted || event.reacted) {
    return 'change'
  }
  const isSystem =
    event.groupCreated ||
    event.membersAdded ||
    event.membersRemoved ||
    event.memberLeft ||
    event.roleChanged ||
    event.renamed ||
    event.described ||
    event.avatarChanged ||
    event.announcementChanged ||
    event.addRightChanged ||
    event.retentionChanged ||
    event.readReceiptsChanged ||
    event.messagePinned ||
    event.messageUnpinned ||
    event.userErased
  return isSystem ? 'system' : 'message'
}

/** The seq that a change is about, 0 if it is none. */
export function target(event: ChatEvent): number {
  if (event.edited !== undefined && event.edited !== true) {
    return event.edited.seq
  }
  return event.deleted?.seq ?? event.reacted?.seq ?? 0
}

/** The entry after a change. The same entry if the change is in it already, or not about it. */
export function changed(entry: Entry, change: Entry, me: string): Entry {
  const event = change.event
  if (event.userErased) {
    return entry.from === event.userErased.user && change.seq > entry.asOf && entry.kind === 'message'
      ? emptied(entry, change.seq)
      : entry
  }
  if (target(event) !== entry.seq || change.seq <= entry.asOf || entry.deleted) {
    return entry
  }
  if (event.deleted) {
    return emptied(entry, change.seq)
  }
  if (event.reacted) {
    const { emoji, remove } = event.reacted
    return { ...entry, asOf: change.seq, reactions: reacted(entry.reactions, emoji, !remove, change.from === me) }
  }
  const text = event.edited !== undefined && event.edited !== true ? (event.edited.text ?? '') : entry.text
  return { ...entry, asOf: change.seq, text, edited: true }
}

function emptied(entry: Entry, asOf: number): Entry {
  return { ...entry, asOf, text: '', contentType: '', attachments: [], reactions: [], mentions: [], replyTo: 0, deleted: true }
}

/** The reactions after somebody set or removed an emoji. */
export function reacted(reactions: ReactionCount[], emoji: string, set: boolean, mine: boolean): ReactionCount[] {
  const before = reactions.find((one) => one.emoji === emoji)
  if (!before) {
    return set ? [...reactions, mine ? { emoji, count: 1, mine } : { emoji, count: 1 }] : reactions
  }
  const after: ReactionCount = { emoji, count: before.count + (set ? 1 : -1) }
  if (mine ? set : before.mine) {
    after.mine = true
  }
  return after.count > 0
    ? reactions.map((one) => (one === before ? after : one))
    : reactions.filter((one) => one !== before)
}

/** Both lists as one, ascending by seq; where both have a seq, the entry that knows more changes. */
export function merged(one: Entry[], other: Entry[]): Entry[] {
  if (one.length === 0 || other.length === 0) {
    return one.length === 0 ? other : one
  }
  if (one[one.length - 1]!.seq < other[0]!.seq) {
    return [...one, ...other]
  }
  const bySeq = new Map<number, Entry>()
  for (const entry of [...one, ...other]) {
    const there = bySeq.get(entry.seq)
    if (!there || entry.asOf >= there.asOf) {
      bySeq.set(entry.seq, entry)
    }
  }
  return [...bySeq.values()].sort((a, b) => a.seq - b.seq)
}
