const HUES = 8

/** One of eight colours, always the same for a name. */
export function hueOf(name: string): string {
  let hash = 7
  for (const char of name) {
    hash = (hash * 31 + (char.codePointAt(0) ?? 0)) % 100_003
  }
  return `hue-${hash % HUES}`
}

function initials(name: string): string {
  const words = name.split(/[\s._-]+/).filter(Boolean)
  const first = [...(words[0] ?? '?')][0] ?? '?'
  const second = words.length > 1 ? ([...(words[words.length - 1] ?? '')][0] ?? '') : ''
  return (first + second).toUpperCase()
}

/** A name's initials in its colour. `seed`: what the colour is of, the name if unset. */
export function Avatar({ name, seed, size = 44, online = false }: { name: string; seed?: string; size?: number; online?: boolean }) {
  return (
    <span class={`avatar ${hueOf(seed ?? name)} avatar-${size}`} aria-hidden="true">
      {initials(name)}
      {online && <span class="avatar-dot" />}
    </span>
  )
}
