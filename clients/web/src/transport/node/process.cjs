/** See global.ts, which is imported first. */
module.exports = globalThis.process
