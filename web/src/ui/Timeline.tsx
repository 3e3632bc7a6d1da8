import { useCallback, useEffect, useLayoutEffect, useRef, useState } from 'preact/hooks'
import { type Conversation, inWords, type Row, type State } from 'parley-client'
import { dayName, fullTime } from '../model/time'
import type { Chat } from '../session/chat'
import type { About } from './ConversationView'
import { Icon } from './Icon'
import { MessageRow } from './MessageRow'

interface Props {
  chat: Chat
  state: State
  conversation: Conversation
  rows: Row[]
  jump: { seq: number } | null
  onJump: (seq: number) => void
  onAbout: (about: About) => void
  onView: (attachment: string) => void
}

/** The end is in sight. */
const NEAR_PIXELS = 60

/** What is above is loaded before it is reached. */
const EARLY_PIXELS = 900

/** So many pages are loaded to find a message that a reply quotes. */
const JUMP_PAGES = 8

/** The messages. It stays at the end when it is there, and nothing moves under the eyes when something is added above. */
export function Timeline({ chat, state, conversation, rows, jump, onJump, onAbout, onView }: Props) {
  const { id } = conversation
  const scroller = useRef<HTMLDivElement>(null)
  const atEnd = useRef(true)
  const placed = useRef(false)
  const anchor = useRef<{ key: string; top: number } | null>(null)
  const [away, setAway] = useState(false)
  const [active, setActive] = useState<string | null>(null)
  const [flashed, setFlashed] = useState<string | null>(null)

  const readIfSeen = useCallback(() => {
    if (atEnd.current && document.hasFocus() && document.visibilityState === 'visible') {
      chat.read(id)
    }
  }, [chat, id])

  const onScroll = useCallback(() => {
    const box = scroller.current
    if (!box) {
      return
    }
    atEnd.current = box.scrollHeight - box.scrollTop - box.clientHeight < NEAR_PIXELS
    setAway(!atEnd.current)
    const top = box.getBoundingClientRect().top
    for (const row of box.querySelectorAll<HTMLElement>('[data-key]')) {
      const { bottom, top: rowTop } = row.getBoundingClientRect()
      if (bottom > top) {
        anchor.current = { key: row.dataset['key'] ?? '', top: rowTop - top }
        break
      }
    }
    if (box.scrollTop < EARLY_PIXELS) {
      void chat.earlier(id)
    }
    readIfSeen()
  }, [chat, id])

  const toEnd = useCallback(() => {
    const box = scroller.current
    if (box) {
      box.scrollTop = box.scrollHeight
      atEnd.current = true
      setAway(false)
    }
  }, [])

  const last = rows[rows.length - 1]
  const lastMine = last?.type === 'message' && last.outgoing ? last.key : null
  const seenMine = useRef(lastMine)

  useLayoutEffect(() => {
    const box = scroller.current
    if (!box || rows.length === 0) {
      return
    }
    if (!placed.current) {
      placed.current = true
      const line = box.querySelector<HTMLElement>('.unread-line')
      box.scrollTop = line ? line.offsetTop - 80 : box.scrollHeight
      onScroll()
      return
    }
    if (lastMine !== null && lastMine !== seenMine.current) {
      seenMine.current = lastMine
      toEnd()
    } else if (atEnd.current) {
      toEnd()
    } else if (anchor.current) {
      const row = box.querySelector<HTMLElement>(`[data-key="${CSS.escape(anchor.current.key)}"]`)
      if (row) {
        box.scrollTop += row.getBoundingClientRect().top - box.getBoundingClientRect().top - anchor.current.top
      }
    }
    readIfSeen()
  }, [rows])

  // The composer grows, the keyboard of a phone opens: the end stays where it was.
  useEffect(() => {
    const box = scroller.current
    if (!box) {
      return
    }
    const observer = new ResizeObserver(() => atEnd.current && toEnd())
    observer.observe(box)
    addEventListener('focus', readIfSeen)
    document.addEventListener('visibilitychange', readIfSeen)
    return () => {
      observer.disconnect()
      removeEventListener('focus', readIfSeen)
      document.removeEventListener('visibilitychange', readIfSeen)
    }
  }, [id])

  useEffect(() => {
    if (jump) {
      void showSeq(jump.seq)
    }
  }, [jump])

  const showSeq = async (seq: number) => {
    for (let page = 0; page < JUMP_PAGES && (chat.state.conversations[id]?.from ?? 0) > seq; page++) {
      await chat.earlier(id)
      await new Promise((resolve) => setTimeout(resolve, 60))
    }
    const row = scroller.current?.querySelector<HTMLElement>(`[data-seq="${seq}"]`)
    if (row) {
      atEnd.current = false
      row.scrollIntoView({ block: 'center' })
      row.focus({ preventScroll: true })
      const key = row.dataset['key'] ?? null
      setFlashed(key)
      setTimeout(() => setFlashed((now) => (now === key ? null : now)), 1600)
    }
  }

  const onKeyDown = (event: KeyboardEvent) => {
    const row = (event.target as HTMLElement).closest<HTMLElement>('.message')
    const step = { ArrowUp: -1, ArrowDown: 1, Home: -Infinity, End: Infinity }[event.key]
    if (!row || event.target !== row || step === undefined) {
      return
    }
    const all = [...(scroller.current?.querySelectorAll<HTMLElement>('.message') ?? [])]
    const at = all.indexOf(row)
    const next = all[Math.max(0, Math.min(all.length - 1, at + step))]
    event.preventDefault()
    next?.focus()
    next?.scrollIntoView({ block: 'nearest' })
  }

  const messages = rows.filter((row) => row.type === 'message')
  const reachable = messages.some((row) => row.key === active) ? active : (messages[messages.length - 1]?.key ?? null)
  const loading = conversation.from > 1 || (conversation.known && conversation.head > 0 && conversation.from === 0)
  const typing = Object.keys(conversation.typing).length > 0

  const shownRow = (row: Row) => {
    switch (row.type) {
      case 'day':
        return null
      case 'unread':
        return (
          <div class="unread-line" key={row.key}>
            <span>New messages</span>
          </div>
        )
      case 'system':
        return (
          <div class="system" key={row.key} data-key={row.key} data-seq={row.entry.seq} title={fullTime(row.entry.at)}>
            <span>{inWords(row.entry.event, state.me)}</span>
          </div>
        )
      case 'message':
        return (
          <MessageRow
            key={row.key}
            row={row}
            chat={chat}
            conversation={conversation}
            me={state.me}
            active={row.key === active}
            reachable={row.key === reachable}
            flashed={row.key === flashed}
            onActive={setActive}
            onAbout={onAbout}
            onJump={onJump}
            onView={onView}
          />
        )
    }
  }

  return (
    <div class="timeline-place">
      <div ref={scroller} class="timeline" role="log" aria-label="Messages" onScroll={onScroll} onKeyDown={onKeyDown} onPointerLeave={() => setActive(null)}>
        <div class="timeline-inner">
          {loading && state.link === 'online' && (
            <div class="loading">
              <span class="spinner" />
              <span class="hidden">Loading messages</span>
            </div>
          )}
          {rows.length === 0 && !loading && (
            <div class="beginning">
              <span class="beginning-wave" aria-hidden="true">
                👋
              </span>
              <p>Nothing was said here yet. Say hello!</p>
            </div>
          )}
          {days(rows).map((day) => (
            <section class="day" key={day.key}>
              <div class="day-name">
                <time>{dayName(day.at, Date.now())}</time>
              </div>
              {day.rows.map(shownRow)}
            </section>
          ))}
          {typing && (
            <div class="typing-bubble" aria-hidden="true">
              <span class="dots">
                <i />
                <i />
                <i />
              </span>
            </div>
          )}
        </div>
      </div>
      {away && (
        <button type="button" class="to-end" onClick={toEnd}>
          <Icon name="down" />
          <span class="hidden">To the newest message</span>
          {conversation.unread > 0 && <span class="badge">{conversation.unread}</span>}
        </button>
      )}
    </div>
  )
}

interface Day {
  key: string
  at: number
  rows: Row[]
}

/** The rows by their day: its name stays in sight as long as the day is. */
function days(rows: Row[]): Day[] {
  const all: Day[] = []
  for (const row of rows) {
    if (row.type === 'day') {
      all.push({ key: row.key, at: row.at, rows: [] })
    } else {
      all[all.length - 1]?.rows.push(row)
    }
  }
  return all
}
