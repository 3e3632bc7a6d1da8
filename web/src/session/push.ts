import type { Chat } from './chat'

const KEY = 'parley:notify'

/** Notifications: by the page while it is open, and by Web Push where the server and the browser have it. */
export class Push {
  private readonly chat: Chat
  private readonly serverKey: string

  constructor(chat: Chat, serverKey: string) {
    this.chat = chat
    this.serverKey = serverKey
  }

  /** Whether this browser can notify at all. */
  static isPossible(): boolean {
    return 'Notification' in window && Notification.permission !== 'denied'
  }

  isOn(): boolean {
    return isWanted()
  }

  /** After a start of the page: the browser may have another subscription by now. */
  async resume(): Promise<void> {
    await registered()
    if (this.isOn()) {
      await this.subscribe()
    }
  }

  /** Asks the user. True if notifications are on now. */
  async start(): Promise<boolean> {
    if ((await Notification.requestPermission()) !== 'granted') {
      return false
    }
    localStorage.setItem(KEY, 'on')
    // The page notifies at once; a push service may take its time.
    void this.subscribe()
    return true
  }

  async stop(): Promise<void> {
    localStorage.removeItem(KEY)
    const worker = await navigator.serviceWorker?.getRegistration()
    const subscription = await worker?.pushManager?.getSubscription()
    if (subscription) {
      await this.chat.act({ unregisterPush: { token: subscription.endpoint } })
      await subscription.unsubscribe()
    }
  }

  private async subscription(): Promise<PushSubscriptionJSON> {
    const worker = await navigator.serviceWorker.ready
    return (await worker.pushManager.subscribe({ userVisibleOnly: true, applicationServerKey: this.serverKey })).toJSON()
  }

  private async subscribe(): Promise<void> {
    if (!this.serverKey || !('serviceWorker' in navigator) || !('PushManager' in window)) {
      return
    }
    const { endpoint, keys } = await this.subscription().catch(() => ({ endpoint: undefined, keys: undefined }))
    if (!endpoint) {
      // The browser has no push service, or does not reach it: the page notifies while it is open.
      return
    }
    await this.chat.act({
      registerPush: { platform: 'WEB_PUSH', token: endpoint, webPush: { endpoint, p256dh: keys?.['p256dh'], auth: keys?.['auth'] } },
    })
  }
}

function isWanted(): boolean {
  return Push.isPossible() && Notification.permission === 'granted' && localStorage.getItem(KEY) === 'on'
}

/** Shows a notification of the page itself, if the user wants any and does not look at the page. */
export function notify(title: string, body: string, conversation: string): void {
  if (!isWanted() || document.hasFocus()) {
    return
  }
  const shown = new Notification(title, { body: body.slice(0, 160), tag: conversation, icon: '/icon-192.png' })
  shown.onclick = () => {
    focus()
    location.hash = conversation
    shown.close()
  }
}

/** What is unread, in the page's title and on its icon. */
export function showUnread(unread: number): void {
  document.title = unread > 0 ? `(${unread}) Parley` : 'Parley'
  const badge = unread > 0 ? navigator.setAppBadge?.(unread) : navigator.clearAppBadge?.()
  badge?.catch(() => {})
}

let once: Promise<void> | undefined

/** The worker shows pushes, and the page without a network. */
function registered(): Promise<void> {
  once ??= 'serviceWorker' in navigator && !import.meta.env.DEV ? register() : Promise.resolve()
  return once
}

async function register(): Promise<void> {
  try {
    await navigator.serviceWorker.register(workerAddress(), { scope: '/' })
  } catch {
    // The page works without it: no HTTPS, or the browser forbids it.
  }
  navigator.serviceWorker.addEventListener('message', (event: MessageEvent<{ open?: string }>) => {
    if (event.data.open) {
      location.hash = event.data.open
    }
  })
}

interface TrustedTypes {
  createPolicy(name: string, rules: { createScriptURL(url: string): string }): { createScriptURL(url: string): unknown }
}

/** The page's policy lets no text become the address of a script, but for this one. */
function workerAddress(): string {
  const address = '/service-worker.js'
  const { trustedTypes } = window as { trustedTypes?: TrustedTypes }
  const policy = trustedTypes?.createPolicy('parley', { createScriptURL: () => address })
  return (policy?.createScriptURL(address) ?? address) as string
}
