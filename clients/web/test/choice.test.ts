import { describe, expect, it, vi } from 'vitest'
import type { Publication, Reply } from '../src/model/wire'
import { ChosenTransport } from '../src/transport/choice'
import type { Listener, Status, Transport } from '../src/transport/transport'

/** A transport whose fate the test decides. */
class Fake implements Transport {
  listener: Listener | null = null
  published: Publication[] = []
  watched: string | null = null
  closed = false
  readonly sends: boolean

  constructor(sends: boolean) {
    this.sends = sends
  }

  start(listener: Listener): void {
    this.listener = listener
  }

  publish(_: string, publication: Publication): Promise<void> {
    this.published.push(publication)
    return this.sends ? Promise.resolve() : new Promise(() => {})
  }

  signal(): void {}

  request(): Promise<Reply> {
    return Promise.resolve({})
  }

  watch(conversation: string | null): void {
    this.watched = conversation
  }

  close(): void {
    this.closed = true
  }
}

function chosen(isHttpOpen: boolean) {
  const mqtt = new Fake(false)
  const polling = new Fake(true)
  const statuses: Status[] = []
  const transport = new ChosenTransport({
    mqtt: () => Promise.resolve(mqtt),
    polling: () => Promise.resolve(polling),
    isHttpOpen: () => Promise.resolve(isHttpOpen),
    isWebSocketOpen: () => Promise.resolve(false),
  })
  transport.start({ status: (status) => statuses.push(status), ready: () => {}, delivery: () => {} })
  return { transport, mqtt, polling, statuses }
}

describe('a network that blocks WebSocket', () => {
  it('is polled, and what was not sent goes that way as the same message', async () => {
    const { transport, mqtt, polling, statuses } = chosen(true)
    await vi.waitFor(() => expect(mqtt.listener).not.toBeNull())
    transport.watch('alice~bob')
    const sent = transport.publish('alice~bob', { id: 'm1', text: 'hi' })
    mqtt.listener?.status('unreachable')
    await sent
    expect(mqtt.closed).toBe(true)
    expect(transport.polls).toBe(true)
    expect(polling.published).toEqual(mqtt.published)
    expect(polling.watched).toBe('alice~bob')
    polling.listener?.status('online')
    expect(statuses.at(-1)).toBe('online')
    transport.close()
  })

  it('is not confused with a server that is away', async () => {
    const { transport, mqtt, polling } = chosen(false)
    await vi.waitFor(() => expect(mqtt.listener).not.toBeNull())
    mqtt.listener?.status('unreachable')
    await new Promise((resolve) => setTimeout(resolve))
    expect(mqtt.closed).toBe(false)
    expect(polling.listener).toBeNull()
    transport.close()
  })
})
