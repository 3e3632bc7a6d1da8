import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { PollingTransport } from '../src/transport/polling'
import { Refused, type Status } from '../src/transport/transport'

/** A server that answers as docs say, and keeps what it was asked. */
class TestServer {
  readonly asked: { method: string; path: string; body: unknown; token: string }[] = []
  private readonly server: Server
  private readonly answers: ((path: string, response: ServerResponse) => boolean)[] = []

  private constructor() {
    this.server = createServer((request, response) => void this.answer(request, response))
  }

  static async start(): Promise<TestServer> {
    const made = new TestServer()
    await new Promise<void>((resolve) => made.server.listen(0, '127.0.0.1', resolve))
    return made
  }

  get address(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`
  }

  /** The next request of this path is answered so. */
  once(path: string, status: number, body?: object): this {
    let used = false
    this.answers.push((asked, response) => {
      if (used || !asked.startsWith(path)) {
        return false
      }
      used = true
      response.writeHead(status, { 'Content-Type': 'application/json' }).end(body ? JSON.stringify(body) : undefined)
      return true
    })
    return this
  }

  polls(): URLSearchParams[] {
    return this.asked.filter(({ path }) => path.startsWith('/v1/poll')).map(({ path }) => new URL(path, this.address).searchParams)
  }

  private async answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    let body = ''
    for await (const chunk of request) {
      body += String(chunk)
    }
    const path = request.url ?? ''
    this.asked.push({
      method: request.method ?? '',
      path,
      body: body === '' ? null : JSON.parse(body),
      token: request.headers.authorization ?? '',
    })
    if (!this.answers.some((answer) => answer(path, response))) {
      // A poll that has nothing to tell stays.
      request.socket.setTimeout(0)
    }
  }

  stop(): void {
    this.server.closeAllConnections()
    this.server.close()
  }
}

const LOGIN = { user: 'alice', device: 'web-1', token: 'secret' }

describe('long polling', () => {
  const running: { stop?: () => void; close?: () => void }[] = []

  afterEach(() => running.splice(0).forEach((one) => (one.stop ?? one.close)?.call(one)))

  async function started(prepare: (server: TestServer) => void) {
    const server = await TestServer.start()
    prepare(server)
    const transport = new PollingTransport(server.address, LOGIN)
    running.push(transport, server)
    const deliveries: [string, unknown][] = []
    const statuses: Status[] = []
    const ready: boolean[] = []
    transport.start({
      status: (status) => statuses.push(status),
      ready: (resumed) => ready.push(resumed),
      delivery: (topic, payload) => void deliveries.push([topic, payload]),
    })
    return { server, transport, deliveries, statuses, ready }
  }

  it('acknowledges what was delivered by asking with its cursor', async () => {
    const event = { topic: 'chat/alice~bob/msg', payload: { seq: 1, text: 'hi' } }
    const { server, deliveries, statuses, ready } = await started((one) =>
      one.once('/v1/poll', 204).once('/v1/poll', 200, { cursor: 'c1', events: [event] }),
    )
    await vi.waitFor(() => expect(server.polls()).toHaveLength(3))
    expect(deliveries).toEqual([[event.topic, event.payload]])
    expect(server.polls().map((poll) => poll.get('cursor'))).toEqual([null, null, 'c1'])
    expect(server.polls().map((poll) => poll.get('device'))).toEqual(['web-1', 'web-1', 'web-1'])
    expect(statuses).toEqual(['connecting', 'online'])
    expect(ready).toEqual([false])
    expect(server.asked.every(({ token, path }) => token === 'Bearer secret' && !path.includes('secret'))).toBe(true)
  })

  it('resumes at its cursor after the server was away', async () => {
    const { server, ready } = await started((one) =>
      one.once('/v1/poll', 200, { cursor: 'c1', events: [] }).once('/v1/poll', 503).once('/v1/poll', 204),
    )
    await vi.waitFor(() => expect(server.polls()).toHaveLength(4), 5000)
    expect(server.polls().map((poll) => poll.get('cursor'))).toEqual([null, 'c1', 'c1', 'c1'])
    expect(ready).toEqual([false, true])
  })

  it('begins again without a cursor that the server does not know', async () => {
    const { server } = await started((one) => one.once('/v1/poll', 200, { cursor: 'old', events: [] }).once('/v1/poll', 400))
    await vi.waitFor(() => expect(server.polls()).toHaveLength(3))
    expect(server.polls()[2]?.get('cursor')).toBeNull()
  })

  it('ends with a token that is not accepted', async () => {
    const { statuses } = await started((one) => one.once('/v1/poll', 401))
    await vi.waitFor(() => expect(statuses).toContain('refused'))
  })

  it('ends when another page has its device', async () => {
    const { statuses } = await started((one) => one.once('/v1/poll', 409, { error: { code: 'CONFLICT' } }))
    await vi.waitFor(() => expect(statuses).toContain('replaced'))
  })

  it('tells what was read until the server has it, and once that the user types', async () => {
    const receipts = '/v1/conversations/alice~bob/receipt?device=web-1'
    const typing = '/v1/conversations/alice~bob/typing?device=web-1'
    const { server, transport, statuses } = await started((one) => one.once('/v1/poll', 204).once(typing, 503).once(receipts, 503).once(receipts, 503).once(receipts, 204))
    await vi.waitFor(() => expect(statuses).toContain('online'))
    const told = (path: string) => server.asked.filter((one) => one.path === path).map(({ body }) => body)
    transport.signal('alice~bob', 'typing', { typing: true })
    await vi.waitFor(() => expect(told(typing)).toHaveLength(1))
    transport.signal('alice~bob', 'receipt', { read: 7 })
    // By then typing would have been said again, too: two of the pauses are longer than its first one.
    await vi.waitFor(() => expect(told(receipts)).toEqual([{ read: 7 }, { read: 7 }, { read: 7 }]), 10_000)
    expect(told(typing)).toHaveLength(1)
  })

  it('publishes a message again until the log has it, as the same message', async () => {
    const path = '/v1/conversations/alice~bob/messages'
    const { server, transport } = await started((one) => one.once(path, 503).once(path, 201, { id: 'm1' }))
    await transport.publish('alice~bob', { id: 'm1', text: 'hi' })
    const sent = server.asked.filter((one) => one.path === path)
    expect(sent.map(({ body }) => body)).toEqual([{ id: 'm1', text: 'hi' }, { id: 'm1', text: 'hi' }])
  })

  it('says why a message is refused', async () => {
    const error = { code: 'NOT_FOUND', message: 'there is no user bob' }
    const { transport } = await started((one) => one.once('/v1/conversations/', 404, { error }))
    await expect(transport.publish('alice~bob', { id: 'm1', text: 'hi' })).rejects.toEqual(new Refused(error))
  })

  it('answers requests as MQTT does, errors too', async () => {
    const error = { code: 'NOT_A_MEMBER', message: 'not a member' }
    const { server, transport } = await started((one) =>
      one.once('/v1/requests', 200, { requestId: 'r', ok: {} }).once('/v1/requests', 403, { requestId: 'r', error }),
    )
    expect(await transport.request({ leave: { conversation: 'g1' } })).toMatchObject({ ok: {} })
    expect(await transport.request({ leave: { conversation: 'g1' } })).toEqual({ error })
    expect(server.asked.find(({ path }) => path === '/v1/requests?device=web-1')?.body).toMatchObject({ leave: { conversation: 'g1' } })
  })
})
