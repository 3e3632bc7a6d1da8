import type { Attachment, ChatEvent, Invitation, ReactionCount, Role, WireError } from './wire'

/** One entry as it is shown. Changes of it that are sequenced at or before `asOf` are in it already. */
export interface Entry {
  seq: number
  id: string
  from: string
  /** Milliseconds since 1970. */
  at: number
  kind: 'message' | 'system' | 'change'
  asOf: number
  text: string
  /** Something that is no text, of this media type. */
  contentType: string
  attachments: Uploading[]
  replyTo: number
  mentions: string[]
  edited: boolean
  deleted: boolean
  reactions: ReactionCount[]
  /** As it came; what a system line or a change says. */
  event: ChatEvent
}

/** What is attached to a message that is not sent yet: it has no id until it is uploaded. */
export interface Uploading extends Attachment {
  /** Bytes that are uploaded. Unset: all. */
  sent?: number
  /** The address of the picture in memory. */
  preview?: string
}

/** A message of the user's that has no `seq` yet. */
export interface Outgoing {
  id: string
  at: number
  text: string
  attachments: Uploading[]
  replyTo: number
  mentions: string[]
  refused: WireError | null
}

/** A change of the user's to an entry, shown before it is sequenced. */
export interface Pending {
  id: string
  edit?: { seq: number; text: string }
  delete?: { seq: number }
  react?: { seq: number; emoji: string; remove?: boolean }
}

export interface Pointer {
  delivered: number
  read: number
}

export interface Conversation {
  id: string
  group: boolean
  name: string
  description: string
  members: string[]
  /** The user's own; those of others as far as events told them. */
  role: Role
  roles: Record<string, Role>
  addRight: Role
  announcement: boolean
  readReceiptsOff: boolean
  /** Milliseconds since 1970; 0: not muted. */
  mutedUntil: number
  /** The listing has shown it, or an event of it has come. */
  known: boolean
  left: boolean
  head: number
  read: number
  unread: number
  mentions: number
  /** Up to which seq `unread` counts. */
  counted: number
  /** Ascending and complete from `from` to `to`: what expired is missing in it. Both 0: nothing is loaded. */
  entries: Entry[]
  from: number
  to: number
  /** Came behind a gap: ascending, each above `to` + 1. */
  ahead: Entry[]
  outgoing: Outgoing[]
  pending: Pending[]
  pointers: Record<string, Pointer>
  /** Who types, until when. */
  typing: Record<string, number>
}

export interface Person {
  online: boolean
  lastSeen: number
}

export type Link = 'connecting' | 'online' | 'offline'

export interface State {
  me: string
  link: Link
  /** The listing was read since the start. */
  listed: boolean
  conversations: Record<string, Conversation>
  people: Record<string, Person>
  invitations: Invitation[]
  /** The conversation on the screen. */
  open: string | null
}

export function initial(me: string): State {
  return { me, link: 'connecting', listed: false, conversations: {}, people: {}, invitations: [], open: null }
}

export function emptyConversation(id: string): Conversation {
  const direct = id.includes('~')
  return {
    id,
    group: !direct,
    name: '',
    description: '',
    members: direct ? id.split('~') : [],
    role: 'MEMBER',
    roles: {},
    addRight: 'ADMIN',
    announcement: false,
    readReceiptsOff: false,
    mutedUntil: 0,
    known: false,
    left: false,
    head: 0,
    read: 0,
    unread: 0,
    mentions: 0,
    counted: 0,
    entries: [],
    from: 0,
    to: 0,
    ahead: [],
    outgoing: [],
    pending: [],
    pointers: {},
    typing: {},
  }
}

/** The id of the conversation of two: the user ids in ascending order. */
export function directId(one: string, other: string): string {
  return one < other ? `${one}~${other}` : `${other}~${one}`
}

export function otherMember(conversation: Conversation, me: string): string {
  return conversation.members.find((member) => member !== me) ?? me
}
