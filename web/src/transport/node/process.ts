/** As much of Node's `process` as MQTT.js and its streams use. */
const process = {
  env: {},
  nextTick: (task: (...given: unknown[]) => void, ...given: unknown[]) => queueMicrotask(() => task(...given)),
}

Object.assign(globalThis, { process })

export default process
