/** As much of Node's `process` as MQTT.js and its streams use. They ask for it as they are loaded. */
Object.assign(globalThis, {
  process: {
    env: {},
    nextTick: (task: (...given: unknown[]) => void, ...given: unknown[]) => queueMicrotask(() => task(...given)),
  },
})
