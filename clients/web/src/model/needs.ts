import type { State } from './state'
import type { Ask } from './window'

/** A page of history that is to be asked for. */
export interface Need {
  conversation: string
  ask: Ask
  limit: number
}

/** What is shown of a conversation at first, and read at once when somebody scrolls. */
export const PAGE = 60

/** Enough for the line in the list, also behind some reactions. */
const PREVIEW = 20

/** Beyond it the page begins anew with the newest. */
const FAR = 400

/** So many conversations get their newest messages at the start. The others when something comes, or when they are opened. */
const PREVIEWS = 200

/** What history has to be asked for, the most urgent first. `visible`: the conversations that are in sight in the list. */
export function needs(state: State, visible: ReadonlySet<string> = new Set()): Need[] {
  const all: Need[] = []
  const open = state.open === null ? undefined : state.conversations[state.open]
  if (open?.known && !open.left && open.entries.length < PAGE / 2 && open.from !== 1 && open.head > 0) {
    all.push({ conversation: open.id, ask: open.from === 0 ? {} : { before: open.from }, limit: PAGE })
  }
  const gaps = Object.values(state.conversations).filter((one) => one.ahead.length > 0 && !one.left)
  for (const conversation of gaps) {
    all.push({ conversation: conversation.id, ask: { after: conversation.to }, limit: 200 })
  }
  // A session that was lost: the newest is above what is loaded, and nothing has come that would show the gap.
  if (open && open.from > 0 && open.ahead.length === 0 && open.head > open.to && !open.left) {
    all.push({ conversation: open.id, ask: open.head - open.to > FAR ? {} : { after: open.to }, limit: 200 })
  }
  const silent = Object.values(state.conversations).filter((one) => one.known && !one.left && one.from === 0 && one.head > 0 && one !== open)
  const seen = silent.filter(({ id }) => visible.has(id))
  // Without its newest message nobody knows where a conversation stands in the list.
  const listed = Object.keys(state.conversations).length - silent.length < PREVIEWS ? silent.filter(({ id }) => !visible.has(id)) : []
  for (const conversation of [...seen, ...listed]) {
    all.push({ conversation: conversation.id, ask: {}, limit: PREVIEW })
  }
  return all
}
