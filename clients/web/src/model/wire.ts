/** What the server and a device say to each other, as JSON: docs/protocol.md. Only what the page uses. */

export type Role = 'MEMBER' | 'ADMIN' | 'OWNER'

export interface Attachment {
  id: string
  contentType?: string
  name?: string
  size?: number
  /** A picture's, in pixels, where its sender told them: in the message's properties. */
  width?: number
  height?: number
}

export interface ReactionCount {
  emoji: string
  count: number
  mine?: boolean
}

export interface Property {
  name: string
  value: string
}

/** One entry of a conversation's sequence. */
export interface ChatEvent {
  seq: number
  id?: string
  from?: string
  at?: string
  text?: string
  data?: string
  contentType?: string
  attachments?: Attachment[]
  replyTo?: number
  mentions?: string[]
  properties?: Property[]
  groupCreated?: { name?: string; members?: string[] }
  membersAdded?: { users?: string[] }
  membersRemoved?: { users?: string[] }
  memberLeft?: { user?: string }
  roleChanged?: { user?: string; role?: Role }
  renamed?: { name?: string }
  described?: { description?: string }
  avatarChanged?: { attachment?: Attachment }
  announcementChanged?: { on?: boolean }
  addRightChanged?: { role?: Role }
  retentionChanged?: { retention?: { untilDelivered?: object; days?: number; forever?: object } }
  readReceiptsChanged?: { on?: boolean }
  messagePinned?: { seq: number }
  messageUnpinned?: { seq: number }
  userErased?: { user?: string }
  /** An event of its own; `true` in history: the text is not the first one. */
  edited?: { seq: number; text?: string } | true
  deleted?: { seq: number; edits?: number[] }
  reacted?: { seq: number; emoji: string; remove?: boolean }
  deletedMessage?: object
  reactions?: ReactionCount[]
}

export interface Publication {
  id: string
  text?: string
  attachments?: { id: string }[]
  replyTo?: number
  mentions?: string[]
  properties?: Property[]
  edit?: { seq: number; text: string }
  delete?: { seq: number }
  react?: { seq: number; emoji: string; remove?: boolean }
}

export interface Summary {
  id: string
  kind?: 'DIRECT' | 'GROUP'
  name?: string
  head?: number
  read?: number
  unread?: number
  mentions?: number
  members?: string[]
  description?: string
  announcement?: boolean
  role?: Role
  addRight?: Role
  readReceiptsOff?: boolean
  mutedUntil?: string
  exceptMentions?: boolean
}

export interface Receipt {
  user: string
  delivered?: number
  read?: number
}

export interface Presence {
  user: string
  online?: boolean
  lastSeen?: string
}

export interface Invitation {
  conversation: string
  by: string
  expiresAt?: string
}

export interface WireError {
  code?: string
  message?: string
  messageId?: string
  conversation?: string
}

/** An answer to a request, or news that nobody asked for (without `requestId`). */
export interface Reply {
  requestId?: string
  conversation?: string
  ok?: object
  conversations?: Summary[]
  unreadTotal?: number
  next?: string
  history?: { messages?: ChatEvent[]; head?: number }
  error?: WireError
  added?: { conversation: string; by?: string }
  removed?: { conversation: string; by?: string }
  invited?: Invitation
  invitations?: Invitation[]
}

/** One kind of request with its fields, such as `{listConversations: {limit: 100}}`. */
export type RequestBody = Record<string, object>
