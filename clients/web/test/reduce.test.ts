import { describe, expect, it } from 'vitest'
import { dimensions } from '../src/model/entries'
import { needs } from '../src/model/needs'
import { reduce, type Happening } from '../src/model/reduce'
import { initial, type Conversation, type Outgoing, type State } from '../src/model/state'
import { ordered, timeline } from '../src/model/timeline'
import type { ChatEvent } from '../src/model/wire'

const ME = 'alice'
const WITH_BOB = 'alice~bob'
const AT = '2026-11-24T02:31:29.123Z'

function after(...happenings: Happening[]): State {
  return happenings.reduce(reduce, initial(ME))
}

function text(seq: number, from: string, said = `text ${seq}`): ChatEvent {
  return { seq, id: `m${seq}`, from, at: AT, text: said }
}

function live(event: ChatEvent, conversation = WITH_BOB): Happening {
  return { type: 'live', conversation, event }
}

function page(events: ChatEvent[], head: number, ask = {}): Happening {
  return { type: 'page', conversation: WITH_BOB, events, head, ask }
}

function listed(head: number, unread = 0, read = head): Happening {
  return { type: 'listed', last: true, summaries: [{ id: WITH_BOB, kind: 'DIRECT', head, unread, read, members: ['alice', 'bob'] }] }
}

function bob(state: State): Conversation {
  const conversation = state.conversations[WITH_BOB]
  if (!conversation) {
    throw new Error('there is no conversation with bob')
  }
  return conversation
}

function seqs(state: State): number[] {
  return bob(state).entries.map((entry) => entry.seq)
}

function outgoing(id: string): Outgoing {
  return { id, at: Date.parse(AT), text: 'mine', attachments: [], replyTo: 0, mentions: [], refused: null }
}

describe('the order of messages', () => {
  it('is that of their seqs, and a message that comes again is the same message', () => {
    const state = after(live(text(1, 'bob')), live(text(2, ME)), live(text(2, ME)), live(text(1, 'bob')), live(text(3, 'bob')))
    expect(seqs(state)).toEqual([1, 2, 3])
    expect(bob(state).unread).toBe(2)
  })

  it('shows nothing from behind a gap, and asks history for what is missing', () => {
    const state = after(live(text(1, 'bob')), live(text(4, 'bob')), live(text(5, 'bob')))
    expect(seqs(state)).toEqual([1])
    expect(needs(state)).toContainEqual({ conversation: WITH_BOB, ask: { after: 1 }, limit: 200 })
    const filled = reduce(state, page([text(2, ME), text(3, ME)], 5, { after: 1 }))
    expect(seqs(filled)).toEqual([1, 2, 3, 4, 5])
    expect(needs(filled)).toEqual([])
  })

  it('goes on over a gap that history does not have either: it expired', () => {
    const state = after(live(text(1, 'bob')), live(text(4, 'bob')))
    expect(seqs(reduce(state, page([], 2, { after: 1 })))).toEqual([1])
    expect(seqs(reduce(state, page([], 4, { after: 1 })))).toEqual([1, 4])
  })

  it('scrolls back page by page, and knows the beginning', () => {
    const newest = after(listed(5), page([text(4, 'bob'), text(5, 'bob')], 5))
    const all = reduce(newest, page([text(1, 'bob'), text(2, 'bob'), text(3, ME)], 5, { before: 4 }))
    expect(seqs(all)).toEqual([1, 2, 3, 4, 5])
    expect(bob(all).from).toBe(1)
    expect(bob(reduce(newest, page([], 5, { before: 4 }))).from).toBe(1)
    expect(reduce(all, page([text(1, 'bob')], 5, { before: 4 })).conversations).toEqual(all.conversations)
  })

  it('begins anew with the newest page when too much was missed', () => {
    const state = after(live(text(1, 'bob')), listed(1000), page([text(999, 'bob'), text(1000, 'bob')], 1000))
    expect(seqs(state)).toEqual([999, 1000])
    expect(bob(state).from).toBe(999)
  })

  it('keeps what came live above an older page', () => {
    const state = after(live(text(7, 'bob')), page([text(4, 'bob'), text(5, 'bob')], 5))
    expect(seqs(state)).toEqual([4, 5])
    expect(seqs(reduce(state, page([text(6, 'bob')], 7, { after: 5 })))).toEqual([4, 5, 6, 7])
  })
})

describe('what the user sends', () => {
  it('is shown at once, and replaced by its event', () => {
    const sending = after(listed(1), live(text(1, 'bob')), { type: 'sending', conversation: WITH_BOB, message: outgoing('m2') })
    const shown = timeline(bob(sending), ME, null).filter((row) => row.type === 'message')
    expect(shown.map((row) => row.tick)).toEqual([null, 'waiting'])
    const sent = reduce(sending, live(text(2, ME)))
    expect(bob(sent).outgoing).toEqual([])
    const rows = timeline(bob(sent), ME, null).filter((row) => row.type === 'message')
    expect(rows.map((row) => row.tick)).toEqual([null, 'sent'])
    expect(rows[1]?.key).toBe(shown[1]?.key)
  })

  it('is not shown twice if its event stands on a page of history', () => {
    const state = after({ type: 'sending', conversation: WITH_BOB, message: outgoing('m1') }, page([text(1, ME)], 1))
    expect(bob(state).outgoing).toEqual([])
  })

  it('stays with the reason if it is refused', () => {
    const error = { code: 'NOT_FOUND', message: 'there is no user bob' }
    const state = after(
      { type: 'sending', conversation: WITH_BOB, message: outgoing('m1') },
      { type: 'refused', conversation: WITH_BOB, id: 'm1', error },
    )
    expect(bob(state).outgoing[0]?.refused).toEqual(error)
    expect(timeline(bob(state), ME, null).find((row) => row.type === 'message')?.tick).toBe('refused')
  })

  it('has ticks by what the others received and read', () => {
    const state = after(listed(0), live(text(1, ME)), live(text(2, ME)), {
      type: 'receipts',
      conversation: WITH_BOB,
      receipts: [{ user: 'bob', delivered: 2, read: 1 }],
    })
    const rows = timeline(bob(state), ME, null).filter((row) => row.type === 'message')
    expect(rows.map((row) => row.tick)).toEqual(['read', 'delivered'])
  })
})

describe('changes', () => {
  const said = [listed(0), live(text(1, 'bob', 'first'))]

  it('edit, delete and react to a message', () => {
    const edited = after(...said, live({ seq: 2, from: 'bob', at: AT, edited: { seq: 1, text: 'second' } }))
    expect(bob(edited).entries[0]).toMatchObject({ text: 'second', edited: true })
    const reacted = reduce(edited, live({ seq: 3, from: 'bob', at: AT, reacted: { seq: 1, emoji: '👍' } }))
    const mine = reduce(reacted, live({ seq: 4, from: ME, at: AT, reacted: { seq: 1, emoji: '👍' } }))
    expect(bob(mine).entries[0]?.reactions).toEqual([{ emoji: '👍', count: 2, mine: true }])
    const removed = reduce(mine, live({ seq: 5, from: ME, at: AT, reacted: { seq: 1, emoji: '👍', remove: true } }))
    expect(bob(removed).entries[0]?.reactions).toEqual([{ emoji: '👍', count: 1 }])
    const deleted = reduce(removed, live({ seq: 6, from: 'bob', at: AT, deleted: { seq: 1, edits: [2] } }))
    expect(bob(deleted).entries[0]).toMatchObject({ text: '', deleted: true, reactions: [] })
    expect(bob(deleted).unread).toBe(0)
  })

  it('that a page of history has made already are not made again', () => {
    const reaction: ChatEvent = { seq: 2, from: 'bob', at: AT, reacted: { seq: 1, emoji: '👍' } }
    const paged: ChatEvent = { ...text(1, 'bob'), reactions: [{ emoji: '👍', count: 1 }] }
    const state = after(listed(2), page([paged, reaction], 2), live(reaction))
    expect(bob(state).entries[0]?.reactions).toEqual([{ emoji: '👍', count: 1 }])
  })

  it('that came before the page are made on it, if the page is older', () => {
    const reaction: ChatEvent = { seq: 3, from: 'bob', at: AT, reacted: { seq: 1, emoji: '👍' } }
    const state = after(listed(2), live(reaction), page([text(1, 'bob'), text(2, 'bob')], 2))
    expect(bob(state).entries[0]?.reactions).toEqual([{ emoji: '👍', count: 1 }])
  })

  it('of the user are shown before they have a seq', () => {
    const state = after(...said, { type: 'changing', conversation: WITH_BOB, change: { id: 'c1', react: { seq: 1, emoji: '🎉' } } })
    const row = timeline(bob(state), ME, null).find((one) => one.type === 'message')
    expect(row?.entry.reactions).toEqual([{ emoji: '🎉', count: 1, mine: true }])
    const done = reduce(state, live({ seq: 2, id: 'c1', from: ME, at: AT, reacted: { seq: 1, emoji: '🎉' } }))
    expect(bob(done).pending).toEqual([])
    expect(bob(done).entries[0]?.reactions).toEqual([{ emoji: '🎉', count: 1, mine: true }])
  })

  it('of an erased user empty their messages', () => {
    const state = after(...said, live({ seq: 2, at: AT, userErased: { user: 'bob' } }))
    expect(bob(state).entries[0]).toMatchObject({ deleted: true, text: '' })
  })
})

describe('unread messages', () => {
  it('are those of others since the listing', () => {
    const state = after(listed(10, 3, 7), live(text(9, 'bob')), live(text(10, 'bob')), live(text(11, 'bob')), live(text(12, ME)))
    expect(bob(state).unread).toBe(4)
  })

  it('of a listing that is older than what came do not count less', () => {
    const state = after(live(text(11, 'bob')), listed(10, 1, 9))
    expect(bob(state).unread).toBe(1)
    expect(bob(state).head).toBe(11)
  })

  it('go by what the user reads here, and on another device', () => {
    const start = [listed(0), live(text(1, 'bob')), live(text(2, 'bob')), live(text(3, 'bob'))]
    const elsewhere = after(...start, { type: 'receipts', conversation: WITH_BOB, receipts: [{ user: ME, delivered: 3, read: 2 }] })
    expect(bob(elsewhere).unread).toBe(1)
    const here = reduce(elsewhere, { type: 'read', conversation: WITH_BOB, seq: 3 })
    expect(bob(here).unread).toBe(0)
    expect(reduce(here, { type: 'read', conversation: WITH_BOB, seq: 2 })).toBe(here)
  })

  it('say which mention the user', () => {
    const state = after(listed(0), live({ ...text(1, 'bob', '@alice hi'), mentions: [ME] }))
    expect(bob(state).mentions).toBe(1)
  })
})

describe('groups', () => {
  const GROUP = 'g0123456789ab'
  const created = live({ seq: 1, from: 'bob', at: AT, groupCreated: { name: 'team', members: ['bob', 'alice'] } }, GROUP)

  it('change by their events', () => {
    const state = after(
      created,
      live({ seq: 2, from: 'bob', at: AT, membersAdded: { users: ['carol'] } }, GROUP),
      live({ seq: 3, from: 'bob', at: AT, renamed: { name: 'crew' } }, GROUP),
      live({ seq: 4, from: 'bob', at: AT, roleChanged: { user: ME, role: 'ADMIN' } }, GROUP),
    )
    expect(state.conversations[GROUP]).toMatchObject({ name: 'crew', members: ['bob', 'alice', 'carol'], role: 'ADMIN', group: true })
  })

  it('are left by those who were removed, until they are added again', () => {
    const removed = after(created, live({ seq: 2, from: 'bob', at: AT, membersRemoved: { users: [ME] } }, GROUP))
    expect(removed.conversations[GROUP]?.left).toBe(true)
    const added = reduce(removed, live({ seq: 5, from: 'bob', at: AT, membersAdded: { users: [ME] } }, GROUP))
    expect(added.conversations[GROUP]?.left).toBe(false)
  })
})

describe('the list', () => {
  it('has the newest conversation first', () => {
    const early: ChatEvent = { ...text(1, 'carol'), at: '2026-11-24T01:00:00Z' }
    const state = after(live(early, 'alice~carol'), live(text(1, 'bob')))
    expect(ordered(state).map((one) => one.id)).toEqual([WITH_BOB, 'alice~carol'])
  })

  it('gets the newest messages of conversations that are silent', () => {
    expect(needs(after(listed(5)))).toEqual([{ conversation: WITH_BOB, ask: {}, limit: 20 }])
  })
})

describe('typing', () => {
  const typing = (now: number): Happening => ({ type: 'typing', conversation: WITH_BOB, user: 'bob', typing: true, now })

  it('ends with a message, and by itself', () => {
    const state = after(listed(0), typing(1000))
    expect(Object.keys(bob(state).typing)).toEqual(['bob'])
    expect(bob(reduce(state, live(text(1, 'bob')))).typing).toEqual({})
    expect(reduce(state, { type: 'quiet', now: 2000 })).toBe(state)
    expect(bob(reduce(state, { type: 'quiet', now: 20_000 })).typing).toEqual({})
  })
})

describe('the line of new messages', () => {
  const unreadAt = (state: State, after: number | null) => timeline(bob(state), ME, after).map((row) => row.type)

  it('is before the first message of others that was not read', () => {
    const state = reduce(after(listed(0), live(text(1, 'bob')), live(text(2, ME)), live(text(3, 'bob'))), { type: 'quiet', now: 0 })
    expect(unreadAt(state, null)).toEqual(['day', 'message', 'message', 'message'])
    expect(unreadAt(state, 0)).toEqual(['day', 'unread', 'message', 'message', 'message'])
    expect(unreadAt(state, 1)).toEqual(['day', 'message', 'message', 'unread', 'message'])
  })

  it('has no place as long as that message is not loaded', () => {
    const state = after(listed(5, 5, 0), page([text(4, 'bob'), text(5, 'bob')], 5))
    expect(unreadAt(state, 0)).toEqual(['day', 'message', 'message'])
  })
})

describe('what is attached', () => {
  it('is as large as its sender told', () => {
    const event = { ...text(1, 'bob', ''), attachments: [{ id: 'a' }, { id: 'b' }, { id: 'c' }], properties: [{ name: 'dimensions', value: '1200x800 0x0 5' }] }
    expect(bob(after(live(event))).entries[0]?.attachments).toEqual([{ id: 'a', width: 1200, height: 800 }, { id: 'b' }, { id: 'c' }])
    expect(dimensions([{ id: 'a', width: 1200, height: 800 }, { id: 'b' }])).toEqual([{ name: 'dimensions', value: '1200x800 0x0' }])
    expect(dimensions([{ id: 'b' }])).toEqual([])
  })

  it('is shown while it is uploaded', () => {
    const message = { ...outgoing('m'), attachments: [{ id: '', size: 10, sent: 0 }, { id: '', size: 5, sent: 0 }] }
    const state = after({ type: 'sending', conversation: WITH_BOB, message }, { type: 'uploading', conversation: WITH_BOB, id: 'm', at: 1, attachment: { sent: 3 } })
    expect(bob(state).outgoing[0]?.attachments).toEqual([{ id: '', size: 10, sent: 0 }, { id: '', size: 5, sent: 3 }])
  })
})

describe('the list', () => {
  it('asks for the newest message of what is in sight first, and of nothing twice that has none', () => {
    const summaries = Array.from({ length: 300 }, (_, at) => ({ id: `alice~u${at}`, head: 5 }))
    const state = after({ type: 'listed', last: true, summaries })
    expect(needs(state, new Set(['alice~u250']))[0]?.conversation).toBe('alice~u250')
    const expired = reduce(state, { type: 'page', conversation: 'alice~u0', events: [], head: 5, ask: {} })
    expect(needs(expired).map(({ conversation }) => conversation)).not.toContain('alice~u0')
    const behind = reduce(state, { type: 'page', conversation: 'alice~u0', events: [], head: 4, ask: {} })
    expect(needs(behind).map(({ conversation }) => conversation)).toContain('alice~u0')
  })
})
