/** What the server tells the page about itself, without a token. */
export interface Configuration {
  /** Where MQTT over WebSocket is, as this browser reaches it. */
  webSocket: string
  /** Anybody on this machine may sign in by a name alone: a platform for development. */
  developmentTokens: boolean
  /** The server's key for Web Push; empty: there is none. */
  applicationServerKey: string
}

/** @throws Error if the server cannot be reached */
export async function configuration(): Promise<Configuration> {
  const response = await fetch('/v1/configuration', { cache: 'no-store', signal: AbortSignal.timeout(10_000) })
  if (!response.ok) {
    throw new Error(`the server answers ${response.status}`)
  }
  const told = (await response.json()) as Partial<Configuration>
  return {
    webSocket: told.webSocket ?? '',
    developmentTokens: told.developmentTokens === true,
    applicationServerKey: told.applicationServerKey ?? '',
  }
}

/** @throws Error that says why not */
export async function developmentToken(user: string): Promise<string> {
  const response = await fetch('/v1/development/token', {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify({ user }),
    signal: AbortSignal.timeout(10_000),
  })
  const answer = (await response.json().catch(() => ({}))) as { token?: string; error?: { message?: string } }
  if (!response.ok || !answer.token) {
    throw new Error(answer.error?.message ?? `the server answers ${response.status}`)
  }
  return answer.token
}
