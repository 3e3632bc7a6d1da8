/** The browser has them. */
export const { AbortController, AbortSignal } = globalThis
export default AbortController
