import type { Outgoing } from '../model/state'

/** As much of a browser's `Storage` as is used. */
export interface KeyValueStore {
  getItem(key: string): string | null
  setItem(key: string, value: string): void
}

/** What was written and not yet acknowledged, kept beyond the end of the program. Each device has its own. */
export class Outbox {
  private readonly key: string
  private readonly kept: KeyValueStore

  constructor(user: string, device: string, kept: KeyValueStore) {
    this.kept = kept
    this.key = `parley:outbox:${user}/${device}`
  }

  all(): { conversation: string; message: Outgoing }[] {
    try {
      const stored: unknown = JSON.parse(this.kept.getItem(this.key) ?? '[]')
      return Array.isArray(stored) ? stored : []
    } catch {
      return []
    }
  }

  add(conversation: string, message: Outgoing): void {
    // What is in memory only is not there any more when the page is opened again.
    const attachments = message.attachments.map(({ preview: _, sent: __, ...attachment }) => attachment)
    this.store([...this.all().filter((one) => one.message.id !== message.id), { conversation, message: { ...message, attachments } }])
  }

  remove(id: string): void {
    const all = this.all()
    if (all.some((one) => one.message.id === id)) {
      this.store(all.filter((one) => one.message.id !== id))
    }
  }

  private store(all: { conversation: string; message: Outgoing }[]): void {
    try {
      this.kept.setItem(this.key, JSON.stringify(all))
    } catch {
      // The browser keeps no more. The message is sent all the same, unless the page is closed first.
    }
  }
}
