/** A piece of a message's text. It is always shown as text: nothing of it is ever HTML. */
export type Piece =
  | { type: 'text'; text: string }
  | { type: 'link'; text: string; href: string }
  | { type: 'mention'; text: string; user: string }
  | { type: 'code'; text: string }

const TOKENS = /(`[^`\n]+`)|(https?:\/\/[^\s<>"'`]+)|(^|[^A-Za-z0-9_.@-])@([a-z0-9_.-]{1,64})/g

/** Splits a text. Links are http and https alone; who is mentioned is what the message says, not the text. */
export function pieces(text: string, mentions: string[]): Piece[] {
  const found: Piece[] = []
  let end = 0
  const plain = (until: number) => {
    if (until > end) {
      found.push({ type: 'text', text: text.slice(end, until) })
    }
  }
  for (const match of text.matchAll(TOKENS)) {
    const [whole, code, link, before, name] = match
    const start = match.index
    if (code !== undefined) {
      plain(start)
      found.push({ type: 'code', text: code.slice(1, -1) })
      end = start + whole.length
    } else if (link !== undefined) {
      const shown = trimmedLink(link)
      const href = safeLink(shown)
      if (href) {
        plain(start)
        found.push({ type: 'link', text: shown, href })
        end = start + shown.length
      }
    } else if (name !== undefined) {
      const user = longestMention(name, mentions)
      if (user) {
        const at = start + (before ?? '').length
        plain(at)
        found.push({ type: 'mention', text: `@${user}`, user })
        end = at + 1 + user.length
      }
    }
  }
  plain(text.length)
  return found
}

/** A sentence's full stop after a name, or after an address, belongs to the sentence. */
function longestMention(name: string, mentions: string[]): string | undefined {
  return mentions.includes(name) ? name : mentions.find((user) => name.replace(/[.-]+$/, '') === user)
}

function trimmedLink(link: string): string {
  let shown = link.replace(/[.,;:!?…]+$/, '')
  while (shown.endsWith(')') && shown.split(')').length > shown.split('(').length) {
    shown = shown.slice(0, -1)
  }
  return shown
}

/** The address if a link may lead there: http or https, without a password in it. */
export function safeLink(address: string): string | null {
  try {
    const url = new URL(address)
    const isWeb = url.protocol === 'https:' || url.protocol === 'http:'
    return isWeb && url.username === '' && url.password === '' ? url.href : null
  } catch {
    return null
  }
}

/** The members that a text mentions with @name, 50 at most. */
export function mentioned(text: string, members: string[]): string[] {
  const names = [...text.matchAll(/(?:^|[^A-Za-z0-9_.@-])@([a-z0-9_.-]{1,64})/g)].map((match) => match[1]!)
  const users = names.map((name) => longestMention(name, members)).filter((user) => user !== undefined)
  return [...new Set(users)].slice(0, 50)
}

/** Whether a text is one to three emojis and nothing else: it is shown large. */
export function isEmojis(text: string): boolean {
  return /^(?:\p{Extended_Pictographic}(?:\uFE0F|\p{Emoji_Modifier})?(?:\u200D\p{Extended_Pictographic}(?:\uFE0F|\p{Emoji_Modifier})?)*\s*){1,3}$/u.test(text.trim())
}
