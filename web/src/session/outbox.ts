import type { Outgoing } from '../model/state'

/** What was written and not yet acknowledged, kept over a reload of the page. Each device has its own. */
export class Outbox {
  private readonly key: string

  constructor(user: string, device: string) {
    this.key = `parley:outbox:${user}/${device}`
  }

  all(): { conversation: string; message: Outgoing }[] {
    try {
      const stored: unknown = JSON.parse(localStorage.getItem(this.key) ?? '[]')
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
      localStorage.setItem(this.key, JSON.stringify(all))
    } catch {
      // The browser keeps no more. The message is sent all the same, unless the page is closed first.
    }
  }
}
