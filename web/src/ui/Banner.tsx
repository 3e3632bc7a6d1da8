import { useEffect, useState } from 'preact/hooks'
import type { Link } from 'parley-client'
import { Icon } from './Icon'

/** A connection that is back within this time is not worth a word. */
const PATIENCE_MILLIS = 1500

/** Says when there is no connection. */
export function Banner({ link, polls, waiting }: { link: Link; polls: boolean; waiting: boolean }) {
  const [late, setLate] = useState(false)
  const [offline, setOffline] = useState(!navigator.onLine)

  useEffect(() => {
    const changed = () => setOffline(!navigator.onLine)
    addEventListener('online', changed)
    addEventListener('offline', changed)
    return () => {
      removeEventListener('online', changed)
      removeEventListener('offline', changed)
    }
  }, [])

  useEffect(() => {
    setLate(false)
    const timer = setTimeout(() => setLate(link !== 'online'), PATIENCE_MILLIS)
    return () => clearTimeout(timer)
  }, [link])

  const lost = link !== 'online' && (late || offline)
  return (
    <div class="banner-place" role="status">
      {lost && (
        <div class="banner">
          <Icon name="warning" size={18} />
          <span>
            <strong>{offline ? 'You are offline.' : 'Connecting…'}</strong> {waiting ? 'Your messages are sent as soon as you are back.' : 'You can read and write meanwhile.'}
          </span>
        </div>
      )}
      {!lost && polls && <span class="hidden">Connected over HTTP.</span>}
    </div>
  )
}
