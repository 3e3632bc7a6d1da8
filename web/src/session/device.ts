import { freshId } from 'parley-client'

/** So many pages of one browser have a session each; the server allows a user 20 devices. */
const MAX_DEVICES = 8

/**
 * The device that this page is. The browser keeps the names of its devices, and each open page holds the lock of one: a page that is opened
 * again, or reloaded, goes on with a session that no other page uses. Without locks (no HTTPS) the tab keeps a name of its own.
 */
export async function claimDevice(user: string): Promise<string> {
  if (!('locks' in navigator)) {
    const kept = sessionStorage.getItem(`parley:device:${user}`) ?? freshDevice()
    sessionStorage.setItem(`parley:device:${user}`, kept)
    return kept
  }
  const known = storedDevices(user)
  for (const device of known) {
    if (await claimed(user, device)) {
      return device
    }
  }
  const device = freshDevice()
  await claimed(user, device)
  // Another page may have added one meanwhile.
  localStorage.setItem(key(user), JSON.stringify([device, ...storedDevices(user)].slice(0, MAX_DEVICES)))
  return device
}

/** Holds the lock as long as the page lives. False if another page has it. */
function claimed(user: string, device: string): Promise<boolean> {
  return new Promise((resolve) => {
    void navigator.locks.request(`parley:${user}/${device}`, { ifAvailable: true }, (lock) => {
      resolve(lock !== null)
      return lock === null ? undefined : new Promise(() => {})
    })
  })
}

function storedDevices(user: string): string[] {
  try {
    const stored: unknown = JSON.parse(localStorage.getItem(key(user)) ?? '[]')
    return Array.isArray(stored) ? stored.filter((one) => typeof one === 'string' && /^web-[a-z0-9]+$/.test(one)) : []
  } catch {
    return []
  }
}

function key(user: string): string {
  return `parley:devices:${user}`
}

function freshDevice(): string {
  return `web-${freshId().toLowerCase().replace(/[^a-z0-9]/g, '').slice(0, 8)}`
}
