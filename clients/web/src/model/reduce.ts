import { emptyConversation, type Conversation, type Entry, type Link, type Outgoing, type Pending, type State, type Uploading } from './state'
import { trimmed, withLive, withPage, type Ask } from './window'
import type { ChatEvent, Invitation, Presence, Receipt, Role, Summary, WireError } from './wire'

/** Everything that can happen to the page's state. */
export type Happening =
  | { type: 'link'; link: Link }
  | { type: 'listed'; summaries: Summary[]; last: boolean }
  | { type: 'live'; conversation: string; event: ChatEvent }
  | { type: 'page'; conversation: string; events: ChatEvent[]; head: number; ask: Ask }
  | { type: 'receipts'; conversation: string; receipts: Receipt[] }
  | { type: 'typing'; conversation: string; user: string; typing: boolean; now: number }
  | { type: 'quiet'; now: number }
  | { type: 'presence'; presence: Presence[] }
  | { type: 'opened'; conversation: string | null }
  | { type: 'read'; conversation: string; seq: number }
  | { type: 'sending'; conversation: string; message: Outgoing }
  | { type: 'uploading'; conversation: string; id: string; at: number; attachment: Partial<Uploading> }
  | { type: 'changing'; conversation: string; change: Pending }
  | { type: 'refused'; conversation: string; id: string; error: WireError }
  | { type: 'settled'; conversation: string; id: string }
  | { type: 'muted'; conversation: string; until: number }
  | { type: 'left'; conversation: string }
  | { type: 'invitations'; invitations: Invitation[] }

/** How long somebody types who says nothing more. The server says after six seconds that they do not. */
const TYPING_MILLIS = 8000

/** The state after something happened. Pure: the same state object if nothing changed. */
export function reduce(state: State, happening: Happening): State {
  switch (happening.type) {
    case 'link':
      return linked(state, happening.link)
    case 'listed':
      return listed(state, happening.summaries, happening.last)
    case 'presence':
      return withPresence(state, happening.presence)
    case 'opened':
      return opened(state, happening.conversation)
    case 'invitations':
      return { ...state, invitations: happening.invitations }
    case 'quiet':
      return quiet(state, happening.now)
    case 'sending':
    case 'live':
      return on(state, happening, true)
    default:
      return on(state, happening, false)
  }
}

/** Without a connection nobody knows who is there. */
function linked(state: State, link: Link): State {
  if (state.link === link) {
    return state
  }
  return { ...state, link, people: link === 'online' ? state.people : {} }
}

type InConversation = Extract<Happening, { conversation: string }>

function on(state: State, happening: InConversation, create: boolean): State {
  const before = state.conversations[happening.conversation]
  if (!before && !create) {
    return state
  }
  const conversation = before ?? emptyConversation(happening.conversation)
  const after = inConversation(conversation, happening, state)
  return after === before ? state : { ...state, conversations: { ...state.conversations, [after.id]: after } }
}

function inConversation(conversation: Conversation, happening: InConversation, state: State): Conversation {
  switch (happening.type) {
    case 'live':
      return live(conversation, happening.event, state)
    case 'page': {
      const after = withPage(conversation, happening.events, happening.head, happening.ask, state.me)
      return { ...withoutEchoes(after, state.me), head: Math.max(after.head, happening.head) }
    }
    case 'receipts':
      return receipts(conversation, happening.receipts, state.me)
    case 'typing': {
      const { [happening.user]: _, ...others } = conversation.typing
      const typing = happening.typing ? { ...others, [happening.user]: happening.now + TYPING_MILLIS } : others
      return happening.user === state.me ? conversation : { ...conversation, typing }
    }
    case 'read':
      return readUpTo(conversation, happening.seq, state.me)
    case 'sending': {
      const others = conversation.outgoing.filter((one) => one.id !== happening.message.id)
      return { ...conversation, outgoing: [...others, happening.message] }
    }
    case 'uploading':
      return { ...conversation, outgoing: conversation.outgoing.map((one) => (one.id === happening.id ? uploading(one, happening.at, happening.attachment) : one)) }
    case 'changing':
      return { ...conversation, pending: [...conversation.pending, happening.change] }
    case 'refused':
      return {
        ...conversation,
        outgoing: conversation.outgoing.map((one) => (one.id === happening.id ? { ...one, refused: happening.error } : one)),
        pending: conversation.pending.filter((one) => one.id !== happening.id),
      }
    case 'settled':
      return {
        ...conversation,
        outgoing: conversation.outgoing.filter((one) => one.id !== happening.id),
        pending: conversation.pending.filter((one) => one.id !== happening.id),
      }
    case 'muted':
      return { ...conversation, mutedUntil: happening.until }
    case 'left':
      return { ...conversation, left: true }
    default:
      return conversation
  }
}

function uploading(message: Outgoing, at: number, told: Partial<Uploading>): Outgoing {
  return { ...message, attachments: message.attachments.map((one, index) => (index === at ? { ...one, ...told } : one)) }
}

function live(before: Conversation, event: ChatEvent, state: State): Conversation {
  const isNew = event.seq > before.counted
  let after = withLive(before, event, state.me)
  if (isNew) {
    after = counted(withFacts({ ...after, known: true }, event, state.me), before, event, state.me)
  }
  if (event.from && after.typing[event.from] !== undefined && event.text !== undefined) {
    const { [event.from]: _, ...typing } = after.typing
    after = { ...after, typing }
  }
  if (event.from === state.me && event.id) {
    after = withoutEcho(after, event.id)
  }
  return state.open === after.id ? after : trimmed(after)
}

/** Counts what is unread, with an event that was not counted yet. */
function counted(after: Conversation, before: Conversation, event: ChatEvent, me: string): Conversation {
  let { unread, mentions } = after
  const isMessage = event.text !== undefined || event.data !== undefined || (event.attachments?.length ?? 0) > 0
  if (isMessage && event.from !== me && event.seq > after.read) {
    unread += 1
    mentions += event.mentions?.includes(me) ? 1 : 0
  }
  const gone = event.deleted && before.entries.find((entry) => entry.seq === event.deleted?.seq)
  if (gone && gone.seq > after.read && gone.from !== me && !gone.deleted) {
    unread = Math.max(0, unread - 1)
  }
  return { ...after, unread, mentions, counted: event.seq, head: Math.max(after.head, event.seq) }
}

/** What an event says about the conversation itself. */
function withFacts(conversation: Conversation, event: ChatEvent, me: string): Conversation {
  if (event.groupCreated) {
    const members = [...new Set([...(event.from ? [event.from] : []), ...(event.groupCreated.members ?? [])])]
    const role: Role = event.from === me ? 'OWNER' : conversation.role
    const roles: Record<string, Role> = event.from ? { ...conversation.roles, [event.from]: 'OWNER' } : conversation.roles
    return { ...conversation, name: event.groupCreated.name ?? '', members, role, roles }
  }
  if (event.membersAdded) {
    const users = event.membersAdded.users ?? []
    const left = conversation.left && !users.includes(me)
    return { ...conversation, left, members: [...new Set([...conversation.members, ...users])] }
  }
  if (event.membersRemoved || event.memberLeft || event.userErased) {
    const gone = event.membersRemoved?.users ?? [event.memberLeft?.user ?? event.userErased?.user ?? event.from ?? '']
    const members = conversation.group ? conversation.members.filter((member) => !gone.includes(member)) : conversation.members
    return { ...conversation, members, left: conversation.left || gone.includes(me) }
  }
  if (event.roleChanged?.user && event.roleChanged.role) {
    const { user, role } = event.roleChanged
    return { ...conversation, roles: { ...conversation.roles, [user]: role }, role: user === me ? role : conversation.role }
  }
  if (event.renamed) {
    return { ...conversation, name: event.renamed.name ?? '' }
  }
  if (event.described) {
    return { ...conversation, description: event.described.description ?? '' }
  }
  if (event.announcementChanged) {
    return { ...conversation, announcement: event.announcementChanged.on === true }
  }
  if (event.addRightChanged?.role) {
    return { ...conversation, addRight: event.addRightChanged.role }
  }
  if (event.readReceiptsChanged) {
    return { ...conversation, readReceiptsOff: event.readReceiptsChanged.on !== true }
  }
  return conversation
}

function withoutEcho(conversation: Conversation, id: string): Conversation {
  const isThere = (one: { id: string }) => one.id === id
  if (!conversation.outgoing.some(isThere) && !conversation.pending.some(isThere)) {
    return conversation
  }
  return {
    ...conversation,
    outgoing: conversation.outgoing.filter((one) => one.id !== id),
    pending: conversation.pending.filter((one) => one.id !== id),
  }
}

function withoutEchoes(conversation: Conversation, me: string): Conversation {
  if (conversation.outgoing.length === 0) {
    return conversation
  }
  const mine = new Set(conversation.entries.filter((entry) => entry.from === me).map((entry) => entry.id))
  return { ...conversation, outgoing: conversation.outgoing.filter((one) => !mine.has(one.id)) }
}

function listed(state: State, summaries: Summary[], last: boolean): State {
  const conversations = { ...state.conversations }
  for (const summary of summaries) {
    const before = conversations[summary.id] ?? emptyConversation(summary.id)
    conversations[summary.id] = withSummary(before, summary, state.me)
  }
  return { ...state, conversations, listed: state.listed || last }
}

function withSummary(before: Conversation, summary: Summary, me: string): Conversation {
  const head = summary.head ?? 0
  const after: Conversation = {
    ...before,
    known: true,
    left: false,
    group: summary.kind === undefined ? before.group : summary.kind === 'GROUP',
    members: summary.members ?? before.members,
    mutedUntil: summary.mutedUntil ? Date.parse(summary.mutedUntil) : 0,
    readReceiptsOff: summary.readReceiptsOff === true,
    head: Math.max(before.head, head),
  }
  if (head < before.counted) {
    // Events have come since it was made: they say what is newer.
    return after
  }
  const fresh: Conversation = {
    ...after,
    name: summary.name ?? '',
    description: summary.description ?? '',
    announcement: summary.announcement === true,
    role: summary.role ?? 'MEMBER',
    roles: summary.role ? { ...after.roles, [me]: summary.role } : after.roles,
    addRight: summary.addRight ?? 'ADMIN',
    read: summary.read ?? 0,
    unread: summary.unread ?? 0,
    mentions: summary.mentions ?? 0,
    counted: head,
  }
  return before.read > fresh.read ? readUpTo(fresh, before.read, me) : fresh
}

function receipts(conversation: Conversation, moved: Receipt[], me: string): Conversation {
  const pointers = { ...conversation.pointers }
  for (const { user, delivered, read } of moved) {
    const before = pointers[user]
    pointers[user] = {
      delivered: Math.max(before?.delivered ?? 0, delivered ?? 0, read ?? 0),
      read: Math.max(before?.read ?? 0, read ?? 0),
    }
  }
  return readUpTo({ ...conversation, pointers }, pointers[me]?.read ?? 0, me)
}

/** The conversation whose user has read up to a seq. */
function readUpTo(conversation: Conversation, seq: number, me: string): Conversation {
  if (seq <= conversation.read) {
    return conversation
  }
  const after = { ...conversation, read: seq }
  if (seq >= conversation.counted) {
    return { ...after, unread: 0, mentions: 0 }
  }
  if (conversation.from > 0 && conversation.from <= seq + 1) {
    const isUnread = (entry: Entry) =>
      entry.kind === 'message' && entry.seq > seq && entry.from !== me && !entry.deleted
    const left = [...conversation.entries, ...conversation.ahead].filter(isUnread)
    return { ...after, unread: left.length, mentions: left.filter((entry) => entry.mentions.includes(me)).length }
  }
  return { ...after, unread: Math.max(0, Math.min(conversation.unread, conversation.counted - seq)) }
}

function withPresence(state: State, presence: Presence[]): State {
  const people = { ...state.people }
  for (const { user, online, lastSeen } of presence) {
    people[user] = { online: online === true, lastSeen: lastSeen ? Date.parse(lastSeen) : (people[user]?.lastSeen ?? 0) }
  }
  return { ...state, people }
}

function opened(state: State, id: string | null): State {
  const conversations = { ...state.conversations }
  const before = state.open === null ? undefined : conversations[state.open]
  if (before && before.id !== id) {
    conversations[before.id] = trimmed(before)
  }
  if (id !== null && !conversations[id]) {
    conversations[id] = emptyConversation(id)
  }
  return { ...state, open: id, conversations }
}

function quiet(state: State, now: number): State {
  let conversations = state.conversations
  for (const conversation of Object.values(state.conversations)) {
    const typing = Object.entries(conversation.typing)
    const still = typing.filter(([, until]) => until > now)
    if (still.length < typing.length) {
      conversations = { ...conversations, [conversation.id]: { ...conversation, typing: Object.fromEntries(still) } }
    }
  }
  return conversations === state.conversations ? state : { ...state, conversations }
}

/** The entry as the user has changed it, also where that is not sequenced yet. */
export function isAbout(change: Pending, seq: number): boolean {
  return (change.edit ?? change.delete ?? change.react)?.seq === seq
}

