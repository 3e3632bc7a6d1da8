import { fileURLToPath } from 'node:url'
import { defineConfig } from 'vitest/config'

/** A running platform, for `npm run dev`. */
const SERVER = process.env['PARLEY_HTTP'] ?? 'http://127.0.0.1:8080'

/** The client library: its sources are built with the page's. */
const library = (file: string) => fileURLToPath(new URL(`../clients/web/src/${file}`, import.meta.url))

/** A module of Node that MQTT.js uses: as npm has it for browsers, or our own. */
const npm = (file: string) => fileURLToPath(new URL(`node_modules/${file}`, import.meta.url))
const own = (file: string) => library(`transport/node/${file}.cjs`)

export default defineConfig({
  resolve: {
    // MQTT.js's own bundle for browsers is twice as large: it has timers in workers, sockets of other kinds and a logger.
    alias: [
      { find: 'parley-client', replacement: library('index.ts') },
      { find: /^buffer\/?$/, replacement: npm('buffer/index.js') },
      { find: /^events\/?$/, replacement: npm('events/events.js') },
      { find: /^string_decoder\/?$/, replacement: npm('string_decoder/lib/string_decoder.js') },
      { find: /^process\/?$/, replacement: own('process') },
      { find: /^debug$/, replacement: own('debug') },
      { find: /^(ws|worker-timers)$/, replacement: own('nothing') },
      { find: /^abort-controller$/, replacement: own('abort') },
    ],
  },
  esbuild: { jsx: 'automatic', jsxImportSource: 'preact' },
  build: {
    target: 'es2022',
    // The page's policy allows nothing inline.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    commonjsOptions: { include: [/node_modules/, /transport\/node/] },
    rollupOptions: {
      input: { index: 'index.html', 'service-worker': 'src/worker/service-worker.ts' },
      output: {
        // Its address is its name: a service worker must not move.
        entryFileNames: (chunk) => (chunk.name === 'service-worker' ? 'service-worker.js' : 'assets/[name]-[hash].js'),
      },
    },
  },
  server: { proxy: { '/v1': { target: SERVER } } },
  test: { include: ['test/**/*.test.ts'], environment: 'node' },
})
