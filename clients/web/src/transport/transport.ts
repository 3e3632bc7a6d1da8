import type { Publication, Reply, RequestBody, WireError } from '../model/wire'

/**
 * - `connecting`: not yet, or not any more; it tries by itself
 * - `online`: what is published now arrives now
 * - `refused`: the token is not accepted; it tries no more
 * - `replaced`: another page has taken this device's session; it tries no more
 * - `unreachable`: this kind of transport does not come through here
 */
export type Status = 'connecting' | 'online' | 'refused' | 'replaced' | 'unreachable'

/** What a transport tells. */
export interface Listener {
  status(status: Status): void
  /**
   * It is connected. `resumed`: everything that was missed comes by itself. Otherwise what is known of conversations is to be asked for
   * again.
   */
  ready(resumed: boolean): void
  /** Something came. It is acknowledged to the server when this is done; if it fails, it comes again. */
  delivery(topic: string, payload: unknown): void | Promise<void>
}

/** Who connects, and from where. */
export interface Login {
  user: string
  /** The same for each connection of this page: the server resumes its session. */
  device: string
  token: string
}

/** A way to the server. Both ways have the same promises: a message that was published arrives once, in one order, or is refused. */
export interface Transport {
  start(listener: Listener): void
  /**
   * Resolves when the log has the message, however long that takes and however often it has to be sent.
   *
   * @throws Refused when the server will never accept it
   */
  publish(conversation: string, publication: Publication): Promise<void>
  /** Says something that is worth nothing later: nothing happens without a connection. */
  signal(conversation: string, what: 'typing' | 'receipt', body: object): void
  /** @throws Unavailable without a connection, or without an answer in time */
  request(body: RequestBody): Promise<Reply>
  /** Which conversation is on the screen: its presence and all its receipts are wanted. */
  watch(conversation: string | null): void
  close(): void
}

/** The server will not accept what was published. */
export class Refused extends Error {
  readonly error: WireError

  constructor(error: WireError) {
    super(error.message ?? error.code ?? 'refused')
    this.error = error
  }
}

/** There was no answer. It may or may not have happened. */
export class Unavailable extends Error {}

export const REQUEST_MILLIS = 20_000

/** 22 characters that nobody else makes. */
export function freshId(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16))
  return btoa(String.fromCharCode(...bytes))
    .replaceAll('+', '-')
    .replaceAll('/', '_')
    .replaceAll('=', '')
}

/** A growing pause before another try, at random, so that not all pages come at once. */
export function pauseMillis(failures: number): number {
  return Math.min(15_000, 500 * 2 ** failures) * (0.5 + Math.random())
}
