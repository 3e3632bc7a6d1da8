/** The browser has it. */
module.exports = { AbortController: globalThis.AbortController }
