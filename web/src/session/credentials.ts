/** Who is signed in here. The token is kept for this tab, or for this browser if the user wants that; it is never in an address. */

const KEY = 'parley:token'

export interface Credentials {
  user: string
  token: string
}

/** Whose token it is, null if it is none. Only the server checks it. */
export function userOf(token: string): string | null {
  const claims = token.trim().split('.')[1]
  if (!claims) {
    return null
  }
  try {
    const json = atob(claims.replaceAll('-', '+').replaceAll('_', '/'))
    const { sub } = JSON.parse(json) as { sub?: unknown }
    return typeof sub === 'string' && isUser(sub) ? sub : null
  } catch {
    return null
  }
}

/** 1–64 of `[a-z0-9_.-]`. */
export function isUser(name: string): boolean {
  return /^[a-z0-9_.-]{1,64}$/.test(name)
}

export function storedCredentials(): Credentials | null {
  const token = sessionStorage.getItem(KEY) ?? localStorage.getItem(KEY)
  const user = token === null ? null : userOf(token)
  return token !== null && user !== null ? { user, token } : null
}

export function storeCredentials(token: string, remember: boolean): void {
  sessionStorage.setItem(KEY, token)
  if (remember) {
    localStorage.setItem(KEY, token)
  }
}

/** Signs out, here and in the browser. */
export function forgetCredentials(): void {
  if (localStorage.getItem(KEY) === sessionStorage.getItem(KEY)) {
    localStorage.removeItem(KEY)
  }
  sessionStorage.removeItem(KEY)
}
