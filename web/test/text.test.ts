import { describe, expect, it } from 'vitest'
import { isEmojis, mentioned, pieces, safeLink } from '../src/model/text'

describe('a text', () => {
  it('has links to http and https, and to nothing else', () => {
    expect(pieces('see https://example.com/a_(b). ok', [])).toEqual([
      { type: 'text', text: 'see ' },
      { type: 'link', text: 'https://example.com/a_(b)', href: 'https://example.com/a_(b)' },
      { type: 'text', text: '. ok' },
    ])
    for (const text of ['javascript:alert(1)', 'data:text/html,x', 'ftp://example.com', 'https://bank@example.com/', 'http://']) {
      expect(pieces(text, [])).toEqual([{ type: 'text', text }])
    }
    expect(safeLink('JavaScript:alert(1)')).toBeNull()
  })

  it('keeps what looks like HTML as it is', () => {
    const text = '<img src=x onerror=alert(1)> <script>alert(1)</script> &lt;'
    expect(pieces(text, [])).toEqual([{ type: 'text', text }])
  })

  it('is complete in its pieces', () => {
    const text = 'a `b` https://c.example/<d> @bob, @carol. e'
    const joined = pieces(text, ['bob', 'carol']).map((piece) => (piece.type === 'code' ? `\`${piece.text}\`` : piece.text))
    expect(joined.join('')).toBe(text)
  })

  it('mentions whom the message names', () => {
    expect(pieces('hi @bob. and @mallory', ['bob'])).toEqual([
      { type: 'text', text: 'hi ' },
      { type: 'mention', text: '@bob', user: 'bob' },
      { type: 'text', text: '. and @mallory' },
    ])
  })
})

describe('mentions', () => {
  it('are members, once, and no part of an address', () => {
    expect(mentioned('@bob @bob @carol. x@dave @eve', ['bob', 'carol', 'dave'])).toEqual(['bob', 'carol'])
  })
})

describe('a few emojis', () => {
  it('stand alone', () => {
    expect(['👍', '❤️', '👩‍👧 🎉'].every(isEmojis)).toBe(true)
    expect(['ok 👍', '12', '👍👍👍👍', ''].some(isEmojis)).toBe(false)
  })
})
