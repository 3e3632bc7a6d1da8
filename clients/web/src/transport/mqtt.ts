import './node/global'
import MqttClient, { type IClientOptions } from 'mqtt/lib/client'
import { browserStreamBuilder } from 'mqtt/lib/connect/ws'
import type { Publication, Reply, RequestBody } from '../model/wire'
import { freshId, pauseMillis, Refused, REQUEST_MILLIS, Unavailable, type Listener, type Login, type Transport } from './transport'

/** The server forgets the session of a page that stays away so long. */
const SESSION_SECONDS = 7 * 86_400

/** So many connections in a row that do not come through: it may be that WebSocket is blocked here. */
const UNREACHABLE_AFTER = 3

/** CONNACK and DISCONNECT say so; docs/protocol.md. */
const BAD_TOKEN = [0x86, 0x87]
const TAKEN_OVER = 0x8e

/** MQTT.js gives a message back unsent with this text: https://github.com/mqttjs/MQTT.js/issues/2015. */
const UNSENT = 'Connection closed'

interface Waiting {
  resolve(reply: Reply): void
  reject(error: Error): void
  timer: ReturnType<typeof setTimeout>
}

/** MQTT 5 over WebSocket. MQTT.js connects again, and sends again what was not acknowledged. */
export class MqttTransport implements Transport {
  private readonly url: string
  private readonly login: Login
  private readonly waiting = new Map<string, Waiting>()
  private client: MqttClient | null = null
  private watched: string | null = null
  private failures = 0
  /** The session has its filters. One that is there need not: its first connection may have ended before. */
  private subscribed = false

  constructor(url: string, login: Login) {
    this.url = url
    this.login = login
  }

  start(listener: Listener): void {
    const { user, device, token } = this.login
    const client = connect(this.url, {
      protocolVersion: 5,
      clientId: `${user}/${device}`,
      username: user,
      password: token,
      clean: false,
      properties: { sessionExpiryInterval: SESSION_SECONDS, topicAliasMaximum: 32 },
      keepalive: 50,
      connectTimeout: 10_000,
      reconnectPeriod: 500,
      reconnectOnConnackError: true,
      resubscribe: false,
      // The page's policy allows no workers made of text.
      timerVariant: 'native',
    })
    this.client = client
    listener.status('connecting')
    client.on('connect', (packet) => {
      this.failures = 0
      void this.subscribe(client, packet.sessionPresent).then(
        () => {
          listener.status('online')
          listener.ready(packet.sessionPresent)
        },
        // The connection is lost, and comes again; or the log is out: the next connection asks again.
        () => client.stream.destroy(),
      )
    })
    let handled: void | Promise<void>
    client.on('message', (topic, payload) => {
      handled = this.received(topic, payload, listener)
    })
    // MQTT.js acknowledges the message when `done` is called.
    client.handleMessage = (_, done) => {
      const { stream } = client
      if (handled) {
        // The number of a packet is its connection's: what is done after the connection comes again, and is acknowledged then.
        handled.then(() => client.stream === stream && done(), () => stream.destroy())
      } else {
        done()
      }
    }
    client.on('close', () => {
      this.failures += 1
      client.options.reconnectPeriod = pauseMillis(this.failures)
      this.dropRequests()
      listener.status(this.failures >= UNREACHABLE_AFTER ? 'unreachable' : 'connecting')
    })
    client.on('error', (error) => {
      if (BAD_TOKEN.includes((error as { code?: number }).code ?? 0)) {
        this.close()
        listener.status('refused')
      }
    })
    client.on('disconnect', (packet) => {
      if (packet.reasonCode === TAKEN_OVER) {
        this.close()
        listener.status('replaced')
      }
    })
  }

  /** Asks for everything of the user's. A session that was resumed has it already. */
  private async subscribe(client: MqttClient, resumed: boolean): Promise<void> {
    if (!resumed || !this.subscribed) {
      await client.subscribeAsync(['chat/#', `user/${this.login.user}/reply`], { qos: 1 })
      this.subscribed = true
    }
    if (this.watched !== null) {
      client.subscribe(onScreen(this.watched), { qos: 0 })
    }
  }

  private received(topic: string, payload: Uint8Array, listener: Listener): void | Promise<void> {
    let said: unknown
    try {
      said = JSON.parse(new TextDecoder().decode(payload))
    } catch {
      return
    }
    const reply = said as Reply
    const waiting = topic.startsWith('user/') && reply.requestId ? this.waiting.get(reply.requestId) : undefined
    if (waiting && reply.requestId) {
      this.waiting.delete(reply.requestId)
      clearTimeout(waiting.timer)
      waiting.resolve(reply)
    } else {
      return listener.delivery(topic, said)
    }
  }

  async publish(conversation: string, publication: Publication): Promise<void> {
    for (;;) {
      try {
        return await this.send(`chat/${conversation}/msg`, publication)
      } catch (problem) {
        if (!(problem instanceof Error) || problem.message !== UNSENT || !this.client) {
          throw problem
        }
      }
    }
  }

  private send(topic: string, body: object): Promise<void> {
    const client = this.client
    if (!client) {
      return Promise.reject(new Unavailable('the client has ended'))
    }
    return new Promise((resolve, reject) => {
      client.publish(topic, JSON.stringify(body), { qos: 1 }, (error, packet) => {
        const code = (error as { code?: number } | null)?.code
        if (!error) {
          resolve()
        } else if (typeof code === 'number' && code >= 0x80) {
          reject(refusal(code, reasonOf(packet)))
        } else {
          reject(error)
        }
      })
    })
  }

  signal(conversation: string, what: 'typing' | 'receipt', body: object): void {
    if (this.client?.connected) {
      this.client.publish(`chat/${conversation}/${what}`, JSON.stringify(body), { qos: what === 'receipt' ? 1 : 0 }, () => {})
    }
  }

  request(body: RequestBody): Promise<Reply> {
    if (!this.client?.connected) {
      return Promise.reject(new Unavailable('there is no connection'))
    }
    const requestId = freshId()
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => {
        this.waiting.delete(requestId)
        reject(new Unavailable('there was no answer'))
      }, REQUEST_MILLIS)
      this.waiting.set(requestId, { resolve, reject, timer })
      this.send(`user/${this.login.user}/request`, { requestId, ...body }).catch((error: Error) => {
        clearTimeout(timer)
        this.waiting.delete(requestId)
        reject(error)
      })
    })
  }

  watch(conversation: string | null): void {
    const before = this.watched
    this.watched = conversation
    if (!this.client?.connected || before === conversation) {
      return
    }
    if (before !== null) {
      this.client.unsubscribe(onScreen(before))
    }
    if (conversation !== null) {
      this.client.subscribe(onScreen(conversation), { qos: 0 })
    }
  }

  close(): void {
    const client = this.client
    this.client = null
    this.dropRequests()
    client?.end(true)
  }

  private dropRequests(): void {
    for (const { reject, timer } of this.waiting.values()) {
      clearTimeout(timer)
      reject(new Unavailable('the connection was lost'))
    }
    this.waiting.clear()
  }
}

/** MQTT.js without its choice of networks. */
function connect(url: string, options: IClientOptions): MqttClient {
  const { protocol, hostname, port, pathname } = new URL(url)
  const isSecure = protocol === 'wss:'
  const all: IClientOptions = { ...options, protocol: isSecure ? 'wss' : 'ws', hostname, port: Number(port) || (isSecure ? 443 : 80), path: pathname }
  const client = new MqttClient((one) => browserStreamBuilder(one, all), all)
  client.on('error', () => {})
  return client
}

function onScreen(conversation: string): string[] {
  return [`chat/${conversation}/presence`, `chat/${conversation}/receipt`]
}

function reasonOf(packet: unknown): string {
  return (packet as { properties?: { reasonString?: string } } | undefined)?.properties?.reasonString ?? ''
}

/** The reason string begins with a code where the server has one: `NOT_FOUND: there is no user bob`. */
function refusal(reasonCode: number, reason: string): Refused {
  const told = /^([A-Z_]+): (.*)$/s.exec(reason)
  if (told) {
    return new Refused({ code: told[1]!, message: told[2]! })
  }
  return new Refused({ code: reasonCode === 0x87 ? 'NOT_ALLOWED' : 'BAD_REQUEST', message: reason || 'The server refused this message.' })
}
