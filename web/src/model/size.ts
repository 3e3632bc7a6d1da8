const UNITS = ['KB', 'MB', 'GB']

/** `1.2 MB`. */
export function sizeInWords(bytes: number): string {
  if (bytes < 1000) {
    return `${bytes} ${bytes === 1 ? 'byte' : 'bytes'}`
  }
  let size = bytes
  let unit = -1
  do {
    size /= 1000
    unit += 1
  } while (size >= 999.5 && unit < UNITS.length - 1)
  return `${size < 9.95 ? size.toFixed(1) : Math.round(size)} ${UNITS[unit]}`
}

/** How large a picture is shown: within a square, and not so narrow that it cannot be hit. */
export function shownSize(width: number | undefined, height: number | undefined): { width: number; height: number } {
  if (!width || !height) {
    return { width: 280, height: 210 }
  }
  const scale = Math.min(1, MOST / width, MOST / height)
  return { width: Math.max(LEAST, Math.round(width * scale)), height: Math.max(LEAST, Math.round(height * scale)) }
}

const MOST = 340
const LEAST = 96
