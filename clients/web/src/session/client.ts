import { dimensions } from '../model/entries'
import { needs, PAGE, type Need } from '../model/needs'
import { reduce, type Happening } from '../model/reduce'
import { initial, type Entry, type Outgoing, type Pending, type State, type Uploading } from '../model/state'
import type { ChatEvent, Presence, Receipt, Reply, RequestBody, Summary, WireError } from '../model/wire'
import { freshId, Refused, Unavailable, type Listener, type Status, type Transport } from '../transport/transport'
import { Outbox, type KeyValueStore } from './outbox'

/** Pages of history that are asked for at once: the server answers a user two at a time. */
const ASKED_AT_ONCE = 2

/** After a page could not be had. */
const ASK_AGAIN_MILLIS = 2000

/** Typing is told so often; the server passes it on once in two seconds. */
const TYPING_EVERY_MILLIS = 2500

/** A change that brought no event by then was none: it set what was set. */
const SETTLED_MILLIS = 4000

/** How the session ended, if the server ended it. */
export type Ending = 'refused' | 'replaced'

export interface Notices {
  /** Something that the user wanted did not happen. */
  problem(text: string): void
  /** A message of somebody else came. */
  arrived(conversation: string, event: ChatEvent): void
  ended(why: Ending): void
  /** Stores an event, if the application keeps any: the server is told that the device has it when this is done. If it fails, the event comes again. */
  store?(conversation: string, event: ChatEvent): Promise<void>
}

/** The signed-in user: what comes in changes the state, and what the state needs is asked for. */
export class ChatClient {
  private readonly transport: Transport
  protected readonly outbox: Outbox
  protected readonly notices: Notices
  private readonly watchers = new Set<() => void>()
  private readonly asked = new Set<string>()
  private readonly typedAt = new Map<string, number>()
  private readonly visible = new Set<string>()
  private listing = false
  private listAgain = false
  private telling = false
  private timer: ReturnType<typeof setInterval> | undefined
  state: State

  /** @param kept where what is not acknowledged outlives the page: `localStorage` */
  constructor(me: string, device: string, transport: Transport, kept: KeyValueStore, notices: Notices) {
    this.state = initial(me)
    this.transport = transport
    this.outbox = new Outbox(me, device, kept)
    this.notices = notices
  }

  start(): void {
    const stored = this.outbox.all()
    for (const { conversation, message } of stored) {
      this.happen({ type: 'sending', conversation, message })
    }
    this.transport.start(this.listener())
    stored.filter(({ message }) => !message.refused).forEach(({ conversation, message }) => void this.publish(conversation, message))
    this.timer = setInterval(() => this.happen({ type: 'quiet', now: Date.now() }), 1000)
  }

  stop(): void {
    clearInterval(this.timer)
    this.transport.close()
  }

  /** Calls `watcher` after each change, until the returned function is called. */
  watch(watcher: () => void): () => void {
    this.watchers.add(watcher)
    return () => this.watchers.delete(watcher)
  }

  private listener(): Listener {
    return {
      status: (status) => this.linked(status),
      ready: (resumed) => this.ready(resumed),
      delivery: (topic, payload) => this.delivered(topic, payload),
    }
  }

  private linked(status: Status): void {
    if (status === 'refused' || status === 'replaced') {
      this.happen({ type: 'link', link: 'offline' })
      this.notices.ended(status)
      return
    }
    this.happen({ type: 'link', link: status === 'online' ? 'online' : 'connecting' })
  }

  private ready(resumed: boolean): void {
    if (!resumed || !this.state.listed) {
      void this.list()
    }
    if (!resumed) {
      void this.request({ listInvitations: {} }).then((reply) => {
        this.happen({ type: 'invitations', invitations: reply.invitations ?? [] })
      }, ignore)
    }
    // What was read while there was no connection.
    for (const { id, read, pointers } of Object.values(this.state.conversations)) {
      if (read > (pointers[this.state.me]?.read ?? read)) {
        this.transport.signal(id, 'receipt', { read })
      }
    }
    this.askForNeeds()
  }

  private delivered(topic: string, payload: unknown): void | Promise<void> {
    const [kind, conversation, what] = topic.split('/')
    if (kind === 'user') {
      return this.told(payload as Reply)
    }
    if (kind !== 'chat' || !conversation) {
      return
    }
    switch (what) {
      case 'msg':
        return this.store(conversation, payload as ChatEvent)
      case 'receipt':
        this.happen({ type: 'receipts', conversation, receipts: (payload as { receipts?: Receipt[] }).receipts ?? [] })
        break
      case 'typing': {
        const { user, typing } = payload as { user?: string; typing?: boolean }
        this.happen({ type: 'typing', conversation, user: user ?? '', typing: typing === true, now: Date.now() })
        break
      }
      case 'presence':
        this.happen({ type: 'presence', presence: (payload as { presence?: Presence[] }).presence ?? [] })
        break
    }
  }

  private store(conversation: string, event: ChatEvent): void | Promise<void> {
    if (this.notices.store) {
      return this.notices.store(conversation, event).then(() => this.came(conversation, event))
    }
    this.came(conversation, event)
  }

  private came(conversation: string, event: ChatEvent): void {
    const before = this.state.conversations[conversation]
    this.happen({ type: 'live', conversation, event })
    if (event.from === this.state.me && event.id) {
      this.outbox.remove(event.id)
    }
    const after = this.state.conversations[conversation]
    if (after?.group && (!before?.known || event.membersAdded) && !event.groupCreated) {
      void this.list()
    }
    const isMessage = event.text !== undefined || event.data !== undefined || (event.attachments?.length ?? 0) > 0
    if (isMessage && event.from !== this.state.me && event.seq > (before?.counted ?? 0)) {
      this.notices.arrived(conversation, event)
    }
  }

  /** News that nobody asked for. */
  private told(reply: Reply): void {
    const { error } = reply
    if (error?.messageId && error.conversation) {
      this.refused(error.conversation, error.messageId, error)
    } else if (error) {
      this.notices.problem(error.message ?? 'The server refused something.')
    } else if (reply.added) {
      void this.list()
    } else if (reply.removed) {
      this.happen({ type: 'left', conversation: reply.removed.conversation })
    } else if (reply.invited) {
      const others = this.state.invitations.filter((one) => one.conversation !== reply.invited?.conversation)
      this.happen({ type: 'invitations', invitations: [...others, reply.invited] })
    }
  }

  private refused(conversation: string, id: string, error: WireError): void {
    const known = this.state.conversations[conversation]
    const message = known?.outgoing.find((one) => one.id === id)
    if (message) {
      this.outbox.add(conversation, { ...message, refused: error })
    } else {
      this.notices.problem(error.message ?? 'The server refused a change.')
    }
    this.happen({ type: 'refused', conversation, id, error })
  }

  /** Reads the list of conversations, page by page. */
  private async list(): Promise<void> {
    if (this.listing) {
      this.listAgain = true
      return
    }
    this.listing = true
    try {
      do {
        this.listAgain = false
        let after: string | undefined
        do {
          const reply: Reply = await this.request({ listConversations: { limit: 200, ...(after ? { after } : {}) } })
          after = reply.next
          this.happen({ type: 'listed', summaries: reply.conversations ?? ([] as Summary[]), last: after === undefined })
        } while (after !== undefined)
      } while (this.listAgain)
    } catch {
      // Without a connection the next one lists again; else this does.
      setTimeout(() => this.state.link === 'online' && void this.list(), ASK_AGAIN_MILLIS)
    } finally {
      this.listing = false
    }
  }

  private askForNeeds(): void {
    if (this.state.link !== 'online') {
      return
    }
    for (const need of needs(this.state, this.visible)) {
      if (this.asked.size >= ASKED_AT_ONCE) {
        return
      }
      if (!this.asked.has(need.conversation)) {
        void this.ask(need)
      }
    }
  }

  private async ask(need: Need): Promise<boolean> {
    const { conversation, ask, limit } = need
    this.asked.add(conversation)
    let pauseMillis = 0
    try {
      const { history } = await this.request({ history: { conversation, limit, ...ask } })
      const before = this.state
      this.happen({ type: 'page', conversation, events: history?.messages ?? [], head: history?.head ?? 0, ask })
      // History is a little behind the log: what is not there yet is asked for again, not at once.
      pauseMillis = this.state === before || (history?.messages?.length ?? 0) === 0 ? ASK_AGAIN_MILLIS : 0
      return true
    } catch (problem) {
      if (problem instanceof Refused && problem.error.code === 'NOT_A_MEMBER') {
        this.happen({ type: 'left', conversation })
      } else {
        pauseMillis = ASK_AGAIN_MILLIS
      }
      return false
    } finally {
      setTimeout(() => {
        this.asked.delete(conversation)
        this.askForNeeds()
      }, pauseMillis)
    }
  }

  /** Loads what is above the first loaded message. */
  async earlier(conversation: string): Promise<void> {
    const known = this.state.conversations[conversation]
    if (known && known.from > 1 && !this.asked.has(conversation) && this.state.link === 'online') {
      await this.ask({ conversation, ask: { before: known.from }, limit: PAGE })
    }
  }

  /** @throws Refused with the server's error */
  private async request(body: RequestBody): Promise<Reply> {
    const reply = await this.transport.request(body)
    if (reply.error) {
      throw new Refused(reply.error)
    }
    return reply
  }

  /** Does what the user asked for, and says why not if it is not done. */
  async act(body: RequestBody): Promise<Reply | null> {
    try {
      return await this.request(body)
    } catch (problem) {
      this.notices.problem(problem instanceof Unavailable ? 'There is no connection. Try again when you are online.' : sentence(problem))
      return null
    }
  }

  /** The conversation's line in the list came into sight, or went out of it. */
  inSight(conversation: string, isVisible: boolean): void {
    if (isVisible) {
      this.visible.add(conversation)
      this.askForNeeds()
    } else {
      this.visible.delete(conversation)
    }
  }

  open(conversation: string | null): void {
    this.happen({ type: 'opened', conversation })
    this.transport.watch(conversation)
    this.askForNeeds()
  }

  /** Sends a message, which is in the state at once. */
  send(conversation: string, text: string, replyTo = 0, mentions: string[] = []): void {
    this.transmit(conversation, this.written(conversation, text, replyTo, mentions, []))
  }

  /** A new message of the user's. */
  protected written(conversation: string, text: string, replyTo: number, mentions: string[], attachments: Uploading[]): Outgoing {
    this.typedAt.delete(conversation)
    return { id: freshId(), at: Date.now(), text, attachments, replyTo, mentions, refused: null }
  }

  /** Sends a refused message again, as the same message. */
  again(conversation: string, message: Outgoing): void {
    this.transmit(conversation, { ...message, refused: null })
  }

  /** Takes back a message that is not sent yet. */
  discard(conversation: string, id: string): void {
    this.outbox.remove(id)
    this.happen({ type: 'settled', conversation, id })
  }

  protected transmit(conversation: string, message: Outgoing): void {
    this.outbox.add(conversation, message)
    this.happen({ type: 'sending', conversation, message })
    void this.publish(conversation, message)
  }

  private async publish(conversation: string, message: Outgoing): Promise<void> {
    const { id, text, attachments, replyTo, mentions } = message
    const properties = dimensions(attachments)
    try {
      await this.transport.publish(conversation, {
        id,
        ...(text ? { text } : {}),
        ...(attachments.length > 0 ? { attachments: attachments.map((one) => ({ id: one.id })) } : {}),
        ...(properties.length > 0 ? { properties } : {}),
        ...(replyTo > 0 ? { replyTo } : {}),
        ...(mentions.length > 0 ? { mentions } : {}),
      })
    } catch (problem) {
      if (problem instanceof Refused) {
        this.refused(conversation, id, problem.error)
      }
    }
  }

  edit(conversation: string, entry: Entry, text: string): void {
    void this.change(conversation, { id: freshId(), edit: { seq: entry.seq, text } })
  }

  remove(conversation: string, entry: Entry): void {
    void this.change(conversation, { id: freshId(), delete: { seq: entry.seq } })
  }

  react(conversation: string, entry: Entry, emoji: string): void {
    const remove = entry.reactions.find((one) => one.emoji === emoji)?.mine === true
    void this.change(conversation, { id: freshId(), react: { seq: entry.seq, emoji, ...(remove ? { remove } : {}) } })
  }

  private async change(conversation: string, change: Pending): Promise<void> {
    this.happen({ type: 'changing', conversation, change })
    try {
      await this.transport.publish(conversation, change)
      setTimeout(() => this.happen({ type: 'settled', conversation, id: change.id }), SETTLED_MILLIS)
    } catch (problem) {
      if (problem instanceof Refused) {
        this.refused(conversation, change.id, problem.error)
      }
    }
  }

  typing(conversation: string): void {
    const now = Date.now()
    if (this.state.conversations[conversation]?.known && now - (this.typedAt.get(conversation) ?? 0) > TYPING_EVERY_MILLIS) {
      this.typedAt.set(conversation, now)
      this.transport.signal(conversation, 'typing', { typing: true })
    }
  }

  stoppedTyping(conversation: string): void {
    if (this.typedAt.delete(conversation)) {
      this.transport.signal(conversation, 'typing', { typing: false })
    }
  }

  /** The user has seen the conversation to its end. */
  read(conversation: string): void {
    const known = this.state.conversations[conversation]
    if (known && known.to > known.read) {
      this.happen({ type: 'read', conversation, seq: known.to })
      this.transport.signal(conversation, 'receipt', { read: known.to })
    }
  }

  async mute(conversation: string, until: number): Promise<void> {
    const forEver = !Number.isFinite(until)
    const time = forEver ? {} : { until: new Date(until).toISOString() }
    if (await this.act({ mute: { conversation, exceptMentions: true, ...time } })) {
      this.happen({ type: 'muted', conversation, until: forEver ? Date.parse('9999-12-31T23:59:59Z') : until })
    }
  }

  async unmute(conversation: string): Promise<void> {
    if (await this.act({ unmute: { conversation } })) {
      this.happen({ type: 'muted', conversation, until: 0 })
    }
  }

  async answerInvitation(conversation: string, accept: boolean): Promise<void> {
    const done = await this.act(accept ? { acceptInvitation: { conversation } } : { declineInvitation: { conversation } })
    if (done) {
      this.happen({ type: 'invitations', invitations: this.state.invitations.filter((one) => one.conversation !== conversation) })
      void this.list()
    }
  }

  /** Founds a group; its id, null if that was refused. */
  async createGroup(name: string, members: string[]): Promise<string | null> {
    const reply = await this.act({ createGroup: { name, members } })
    if (reply?.conversation) {
      void this.list()
    }
    return reply?.conversation ?? null
  }

  /** Takes what happened into the state, and tells who watches: once for what happens in the same moment. */
  protected happen(happening: Happening): void {
    const before = this.state
    this.state = reduce(this.state, happening)
    if (this.state === before || this.telling) {
      return
    }
    this.telling = true
    setTimeout(() => {
      this.telling = false
      this.watchers.forEach((watcher) => watcher())
      this.askForNeeds()
    }, 0)
  }
}

export function sentence(problem: unknown): string {
  const said = problem instanceof Error ? problem.message : String(problem)
  return said.charAt(0).toUpperCase() + said.slice(1) + (/[.!?]$/.test(said) ? '' : '.')
}

function ignore(): void {
  // Nobody waits for the answer, and nothing depends on it.
}
