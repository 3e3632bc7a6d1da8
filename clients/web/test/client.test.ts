import { describe, expect, it } from 'vitest'
import { ChatClient, type ChatEvent, type KeyValueStore, type Listener, type Notices, type Publication, type Reply, type Transport } from '../src/index'

/** A transport that the test plays. */
class Played implements Transport {
  listener: Listener | null = null
  readonly published: [string, Publication][] = []

  start(listener: Listener): void {
    this.listener = listener
  }

  publish(conversation: string, publication: Publication): Promise<void> {
    this.published.push([conversation, publication])
    return Promise.resolve()
  }

  request(): Promise<Reply> {
    return Promise.resolve({})
  }

  signal(): void {}
  watch(): void {}
  close(): void {}
}

function kept(): KeyValueStore {
  const all = new Map<string, string>()
  return { getItem: (key) => all.get(key) ?? null, setItem: (key, value) => void all.set(key, value) }
}

function client(store: KeyValueStore, more: Partial<Notices> = {}): { client: ChatClient; transport: Played } {
  const transport = new Played()
  const notices = { problem: () => {}, arrived: () => {}, ended: () => {}, ...more }
  const one = new ChatClient('alice', 'web-1', transport, store, notices)
  one.start()
  return { client: one, transport }
}

const event = (seq: number, id: string, from: string): ChatEvent => ({ seq, id, from, at: '2026-11-24T02:31:29.123Z', text: 'hi' })

describe('a client', () => {
  it('shows at once what is sent, and sends it again after a new start until it has come back', () => {
    const store = kept()
    const first = client(store)
    first.client.send('alice~bob', 'hi')
    const [, sent] = first.transport.published[0]!
    expect(first.client.state.conversations['alice~bob']?.outgoing.map((one) => one.id)).toEqual([sent.id])
    first.client.stop()

    const second = client(store)
    expect(second.transport.published).toEqual([['alice~bob', sent]])
    void second.transport.listener?.delivery('chat/alice~bob/msg', event(1, sent.id, 'alice'))
    expect(second.client.state.conversations['alice~bob']?.outgoing).toEqual([])
    second.client.stop()
    expect(client(store).transport.published).toEqual([])
  })

  it('is done with an event when it is stored', async () => {
    let stored = () => {}
    const { client: one, transport } = client(kept(), { store: () => new Promise((resolve) => (stored = resolve)) })
    let acknowledged = false
    const handled = Promise.resolve(transport.listener?.delivery('chat/alice~bob/msg', event(1, 'm1', 'bob'))).then(() => (acknowledged = true))
    await Promise.resolve()
    expect(acknowledged).toBe(false)
    expect(one.state.conversations['alice~bob']?.head ?? 0).toBe(0)
    stored()
    await handled
    expect(one.state.conversations['alice~bob']?.head).toBe(1)
    one.stop()
  })

  it('is not done with what could not be stored', async () => {
    const { client: one, transport } = client(kept(), { store: () => Promise.reject(new Error('the disk is full')) })
    await expect(transport.listener?.delivery('chat/alice~bob/msg', event(1, 'm1', 'bob'))).rejects.toThrow('the disk is full')
    one.stop()
  })
})
