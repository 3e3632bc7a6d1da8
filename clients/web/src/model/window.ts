import { changed, merged, target, toEntry } from './entries'
import type { Conversation, Entry } from './state'
import type { ChatEvent } from './wire'

/** Where a page of history was asked for; neither: the newest. */
export interface Ask {
  before?: number
  after?: number
}

/** A conversation that nobody looks at keeps so many entries. */
const KEPT_UNSEEN = 200

/** The conversation with an event that came live, and its changes made. */
export function withLive(conversation: Conversation, event: ChatEvent, me: string): Conversation {
  const entry = toEntry(event, 0)
  const { from, to } = conversation
  if (from === 0) {
    return absorbed({ ...conversation, entries: [entry], from: entry.seq, to: entry.seq }, me)
  }
  if (entry.seq <= to) {
    return conversation
  }
  if (entry.seq > to + 1) {
    return { ...conversation, ahead: merged(conversation.ahead, [entry]) }
  }
  const after = { ...conversation, entries: appended(conversation.entries, entry, me), to: entry.seq }
  return conversation.ahead.length > 0 ? absorbed(after, me) : after
}

/** The conversation with a page of history. */
export function withPage(conversation: Conversation, events: ChatEvent[], head: number, ask: Ask, me: string): Conversation {
  const page = events.map((event) => toEntry(event, head))
  const first = page[0]?.seq ?? 0
  const last = page[page.length - 1]?.seq ?? 0
  if (ask.before !== undefined) {
    if (ask.before !== conversation.from) {
      return conversation
    }
    // An empty page is the beginning of what there is.
    return absorbed({ ...conversation, entries: merged(page, conversation.entries), from: first || 1 }, me)
  }
  if (ask.after !== undefined) {
    if (ask.after !== conversation.to) {
      return conversation
    }
    if (page.length > 0) {
      return absorbed({ ...conversation, entries: merged(conversation.entries, page), to: last }, me)
    }
    // Nothing is between, if history has come so far: it expired.
    const next = conversation.ahead[0]?.seq ?? 0
    return next > 0 && head >= next - 1 ? absorbed({ ...conversation, to: next - 1 }, me) : conversation
  }
  if (page.length > 0) {
    return absorbed(withNewest(conversation, page, first, last), me)
  }
  // Everything expired, if history has come so far.
  return conversation.from === 0 && head > 0 && head >= conversation.head ? absorbed({ ...conversation, from: 1, to: head }, me) : conversation
}

function withNewest(conversation: Conversation, page: Entry[], first: number, last: number): Conversation {
  const { from, to, entries, ahead } = conversation
  if (from === 0 || first > to + 1) {
    // What is below a gap is asked for again when somebody scrolls back to it.
    return { ...conversation, entries: page, from: first, to: last }
  }
  if (last < from - 1) {
    return { ...conversation, entries: page, from: first, to: last, ahead: merged(entries, ahead) }
  }
  return { ...conversation, entries: merged(entries, page), from: Math.min(from, first), to: Math.max(to, last) }
}

/** Moves what is no longer behind a gap, and makes the changes that have not been made. */
function absorbed(conversation: Conversation, me: string): Conversation {
  let { to } = conversation
  const joined: Entry[] = []
  const ahead: Entry[] = []
  for (const entry of conversation.ahead) {
    if (entry.seq <= to + 1) {
      joined.push(entry)
      to = Math.max(to, entry.seq)
    } else {
      ahead.push(entry)
    }
  }
  const entries = merged(conversation.entries, joined)
  return { ...conversation, entries: remade(entries, me), to, ahead }
}

function remade(entries: Entry[], me: string): Entry[] {
  const after = [...entries]
  const index = new Map(after.map((entry, at) => [entry.seq, at]))
  for (const change of entries) {
    if (change.event.userErased) {
      after.forEach((entry, at) => (after[at] = changed(entry, change, me)))
      continue
    }
    const at = index.get(target(change.event))
    if (at !== undefined) {
      after[at] = changed(after[at]!, change, me)
    }
  }
  return after
}

function appended(entries: Entry[], entry: Entry, me: string): Entry[] {
  if (entry.kind === 'message') {
    return [...entries, entry]
  }
  if (entry.event.userErased) {
    return [...entries.map((one) => changed(one, entry, me)), entry]
  }
  const about = target(entry.event)
  return about === 0 ? [...entries, entry] : [...entries.map((one) => (one.seq === about ? changed(one, entry, me) : one)), entry]
}

/** Forgets what is far back in a conversation that is not on the screen. */
export function trimmed(conversation: Conversation): Conversation {
  if (conversation.entries.length <= 2 * KEPT_UNSEEN) {
    return conversation
  }
  const entries = conversation.entries.slice(-KEPT_UNSEEN)
  return { ...conversation, entries, from: entries[0]!.seq }
}
