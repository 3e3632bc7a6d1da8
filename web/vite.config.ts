import { defineConfig } from 'vitest/config'

/** A running platform, for `npm run dev`. */
const SERVER = process.env['PARLEY_HTTP'] ?? 'http://127.0.0.1:8080'

export default defineConfig({
  esbuild: { jsx: 'automatic', jsxImportSource: 'preact' },
  build: {
    target: 'es2022',
    // The page's policy allows nothing inline.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
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
