import type { Publication, Reply, RequestBody } from '../model/wire'
import { Unavailable, type Listener, type Status, type Transport } from './transport'

/** How often a page that polls looks whether WebSocket comes through by now. */
const LOOK_MILLIS = 60_000

/** What the choice is between. */
export interface Ways {
  mqtt(): Promise<Transport>
  polling(): Promise<Transport>
  /** Whether the server answers over plain HTTP. */
  isHttpOpen(): Promise<boolean>
  /** Whether a WebSocket opens. */
  isWebSocketOpen(): Promise<boolean>
}

/** MQTT where WebSocket comes through, else long polling; and back. What is being published when it changes is published again. */
export class ChosenTransport implements Transport {
  private readonly ways: Ways
  private listener: Listener | null = null
  private current: Transport | null = null
  private kind: 'mqtt' | 'polling' = 'mqtt'
  private watched: string | null = null
  private switching = false
  private closed = false
  private look: ReturnType<typeof setInterval> | undefined
  /** Resolves when another way was chosen. */
  private another = signal()

  constructor(ways: Ways) {
    this.ways = ways
  }

  get polls(): boolean {
    return this.kind === 'polling'
  }

  start(listener: Listener): void {
    this.listener = listener
    listener.status('connecting')
    void this.go('mqtt')
    this.look = setInterval(() => void this.lookBack(), LOOK_MILLIS)
  }

  private async go(kind: 'mqtt' | 'polling'): Promise<void> {
    const before = this.current
    const next = await (kind === 'mqtt' ? this.ways.mqtt() : this.ways.polling())
    if (this.closed) {
      return
    }
    this.kind = kind
    this.current = next
    before?.close()
    next.watch(this.watched)
    next.start({
      status: (status) => next === this.current && this.status(status),
      ready: (resumed) => next === this.current && this.listener?.ready(resumed),
      delivery: (topic, payload) => this.listener?.delivery(topic, payload),
    })
    this.another.resolve()
    this.another = signal()
  }

  private status(status: Status): void {
    if (status !== 'unreachable') {
      this.listener?.status(status)
      return
    }
    this.listener?.status('connecting')
    void this.changeWay()
  }

  private async changeWay(): Promise<void> {
    if (this.switching || this.closed) {
      return
    }
    this.switching = true
    try {
      if (this.kind === 'polling') {
        await this.go('mqtt')
      } else if (await this.ways.isHttpOpen()) {
        await this.go('polling')
      }
    } finally {
      this.switching = false
    }
  }

  private async lookBack(): Promise<void> {
    if (this.kind === 'polling' && !this.switching && (await this.ways.isWebSocketOpen()) && !this.closed) {
      await this.go('mqtt')
    }
  }

  async publish(conversation: string, publication: Publication): Promise<void> {
    for (;;) {
      const transport = this.current
      const changes = this.another.promise.then(() => 'changed' as const)
      if (this.closed) {
        throw new Unavailable('the client has ended')
      }
      if (!transport) {
        await changes
        continue
      }
      const sent = transport.publish(conversation, publication).then(() => 'sent' as const)
      try {
        // A transport that was left may never say. The same id makes it the same message.
        if ((await Promise.race([sent, changes])) === 'sent') {
          return
        }
        sent.catch(() => {})
      } catch (problem) {
        if (transport === this.current) {
          throw problem
        }
      }
    }
  }

  signal(conversation: string, what: 'typing' | 'receipt', body: object): void {
    this.current?.signal(conversation, what, body)
  }

  request(body: RequestBody): Promise<Reply> {
    return this.current?.request(body) ?? Promise.reject(new Unavailable('there is no connection'))
  }

  watch(conversation: string | null): void {
    this.watched = conversation
    this.current?.watch(conversation)
  }

  close(): void {
    this.closed = true
    clearInterval(this.look)
    this.current?.close()
    this.current = null
    this.another.resolve()
  }
}

function signal(): { promise: Promise<void>; resolve: () => void } {
  let resolve = () => {}
  const promise = new Promise<void>((done) => (resolve = done))
  return { promise, resolve }
}
