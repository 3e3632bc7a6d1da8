/// <reference lib="webworker" />
/** Shows pushes, and keeps the page's own files so that it starts without a network. Nothing of what users say is kept here. */

const worker = self as unknown as ServiceWorkerGlobalScope
const CACHE = 'parley-page'

interface Pushed {
  title?: string
  body?: string
  tag?: string
  badge?: number
  withdraw?: boolean
  conversation?: string
}

worker.addEventListener('install', (event) => {
  event.waitUntil(worker.skipWaiting())
})

worker.addEventListener('activate', (event) => {
  event.waitUntil(worker.clients.claim())
})

worker.addEventListener('fetch', (event) => {
  const url = new URL(event.request.url)
  if (event.request.method !== 'GET' || url.origin !== worker.location.origin) {
    return
  }
  if (url.pathname.startsWith('/assets/')) {
    // Its name changes with what is in it.
    event.respondWith(kept(event.request).then((response) => response ?? fetched(event.request)))
  } else if (event.request.mode === 'navigate' || url.pathname === '/v1/configuration' || /^\/(icon|manifest)/.test(url.pathname)) {
    event.respondWith(fetched(event.request).catch(async () => (await kept(event.request)) ?? Response.error()))
  }
})

async function kept(request: Request): Promise<Response | undefined> {
  return (await caches.open(CACHE)).match(request, { ignoreSearch: true })
}

async function fetched(request: Request): Promise<Response> {
  const response = await fetch(request)
  if (response.ok) {
    const cache = await caches.open(CACHE)
    const before = request.mode === 'navigate' ? await cache.match(request, { ignoreSearch: true }) : undefined
    if (before && before.headers.get('ETag') !== response.headers.get('ETag')) {
      // Another version of the page: nothing of the one before is used again.
      await Promise.all((await cache.keys()).map((old) => cache.delete(old)))
    }
    await cache.put(request, response.clone())
  }
  return response
}

worker.addEventListener('push', (event) => {
  event.waitUntil(show((event.data?.json() ?? {}) as Pushed))
})

async function show(push: Pushed): Promise<void> {
  // Nothing waits for it: not every system has badges.
  void worker.navigator.setAppBadge?.(push.badge ?? 0).catch(() => {})
  if (push.withdraw) {
    const shown = await worker.registration.getNotifications(push.tag ? { tag: push.tag } : {})
    shown.forEach((notification) => notification.close())
    return
  }
  if (push.title === undefined) {
    // Only what is unread has changed.
    return
  }
  await worker.registration.showNotification(push.title, {
    body: push.body ?? '',
    icon: '/icon-192.png',
    data: { conversation: push.conversation },
    ...(push.tag ? { tag: push.tag, renotify: true } : {}),
  } as NotificationOptions)
}

worker.addEventListener('notificationclick', (event) => {
  event.notification.close()
  const { conversation } = event.notification.data as { conversation?: string }
  event.waitUntil(open(conversation))
})

async function open(conversation: string | undefined): Promise<unknown> {
  const pages = await worker.clients.matchAll({ type: 'window', includeUncontrolled: true })
  const page = pages[0]
  if (page) {
    page.postMessage({ open: conversation })
    return page.focus()
  }
  return worker.clients.openWindow(conversation ? `/#${encodeURIComponent(conversation)}` : '/')
}
