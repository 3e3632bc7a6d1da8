import type { Publication, Reply, RequestBody } from '../model/wire'
import { freshId, pauseMillis, Refused, REQUEST_MILLIS, Unavailable, type Listener, type Login, type Transport } from './transport'

/** How long the server may keep a poll that has nothing to tell. */
const WAIT_SECONDS = 25

/** A read that was not taken so often waits for the next one. */
const RECEIPT_TRIES = 4

interface Poll {
  cursor: string
  events?: { topic: string; payload: unknown }[]
}

/** Plain HTTP, for networks that let no WebSocket through: long polls, and a request for each thing that is said. */
export class PollingTransport implements Transport {
  private readonly base: string
  private readonly login: Login
  private readonly closing = new AbortController()
  private online = false

  constructor(base: string, login: Login) {
    this.base = base
    this.login = login
  }

  start(listener: Listener): void {
    listener.status('connecting')
    void this.poll(listener)
  }

  private async poll(listener: Listener): Promise<void> {
    let cursor: string | null = null
    let failures = 0
    while (!this.closing.signal.aborted) {
      try {
        // The first answer comes at once: it shows that this way is open.
        const wait = this.online ? WAIT_SECONDS : 1
        const query = new URLSearchParams({ device: this.login.device, wait: String(wait), ...(cursor === null ? {} : { cursor }) })
        const response = await this.fetched(`/v1/poll?${query}`, { method: 'GET' }, (wait + 20) * 1000)
        if (response.status === 401) {
          this.close()
          listener.status('refused')
          return
        }
        if (response.status === 409) {
          // A newer call, or a connection by MQTT, has this device now.
          this.close()
          listener.status('replaced')
          return
        }
        if (response.status === 404 || response.status === 405) {
          this.close()
          listener.status('unreachable')
          return
        }
        if (response.status === 400 && cursor !== null) {
          // A cursor of before: the server says where this device is.
          cursor = null
          continue
        }
        if (response.status >= 300) {
          throw new Unavailable(`the server answers ${response.status}`)
        }
        const told = response.status === 204 ? null : ((await response.json()) as Poll)
        failures = 0
        if (!this.online) {
          this.online = true
          listener.status('online')
          listener.ready(cursor !== null)
        }
        for (const { topic, payload } of told?.events ?? []) {
          await listener.delivery(topic, payload)
        }
        // Asking with it acknowledges what was delivered.
        cursor = told?.cursor ?? cursor
      } catch {
        if (this.closing.signal.aborted) {
          return
        }
        this.online = false
        failures += 1
        listener.status('connecting')
        await this.pause(pauseMillis(failures))
      }
    }
  }

  async publish(conversation: string, publication: Publication): Promise<void> {
    const path = `/v1/conversations/${encodeURIComponent(conversation)}/messages`
    for (let failures = 1; !this.closing.signal.aborted; failures++) {
      try {
        const response = await this.posted(path, publication)
        if (response.ok) {
          return
        }
        if (response.status < 500 && response.status !== 429 && response.status !== 401 && response.status !== 408) {
          throw new Refused(await errorOf(response))
        }
      } catch (problem) {
        if (problem instanceof Refused) {
          throw problem
        }
      }
      await this.pause(pauseMillis(failures))
    }
    throw new Unavailable('the client has ended')
  }

  signal(conversation: string, what: 'typing' | 'receipt', body: object): void {
    if (this.online) {
      void this.signalled(`/v1/conversations/${encodeURIComponent(conversation)}/${what}?device=${this.login.device}`, body, what === 'receipt' ? RECEIPT_TRIES : 1)
    }
  }

  /** What was read is said again where the server could not take it; who types says so again by themselves. */
  private async signalled(path: string, body: object, tries: number): Promise<void> {
    for (let failures = 1; failures <= tries && !this.closing.signal.aborted; failures++) {
      const status = await this.posted(path, body).then((response) => response.status, () => 503)
      if (status < 429) {
        return
      }
      await this.pause(pauseMillis(failures))
    }
  }

  async request(body: RequestBody): Promise<Reply> {
    const response = await this.posted(`/v1/requests?device=${this.login.device}`, { requestId: freshId(), ...body }).catch(() => {
      throw new Unavailable('there is no connection')
    })
    if (response.ok) {
      return (await response.json()) as Reply
    }
    return { error: await errorOf(response) }
  }

  watch(): void {
    // A poll shows what `chat/#` shows, and no more.
  }

  close(): void {
    this.online = false
    this.closing.abort()
  }

  private posted(path: string, body: object): Promise<Response> {
    const content = { method: 'POST', body: JSON.stringify(body), headers: { 'Content-Type': 'application/json' } }
    return this.fetched(path, content, REQUEST_MILLIS)
  }

  private fetched(path: string, init: { method: string; body?: string; headers?: Record<string, string> }, millis: number): Promise<Response> {
    return fetch(this.base + path, {
      ...init,
      headers: { ...init.headers, Authorization: `Bearer ${this.login.token}` },
      cache: 'no-store',
      credentials: 'omit',
      signal: AbortSignal.any([this.closing.signal, AbortSignal.timeout(millis)]),
    })
  }

  private pause(millis: number): Promise<void> {
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, millis)
      this.closing.signal.addEventListener('abort', () => {
        clearTimeout(timer)
        resolve()
      })
    })
  }
}

async function errorOf(response: Response): Promise<{ code?: string; message?: string }> {
  const body = (await response.json().catch(() => ({}))) as Reply
  return body.error ?? { code: 'INTERNAL', message: `The server answers ${response.status}.` }
}
