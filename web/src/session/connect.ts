import { ChosenTransport } from '../transport/choice'
import { PollingTransport } from '../transport/polling'
import type { Login } from '../transport/transport'
import type { Configuration } from './configuration'

const OPEN_MILLIS = 5000

/** The ways to the server that sent this page. The MQTT library is loaded when it is used. */
export function connect(told: Configuration, login: Login): ChosenTransport {
  return new ChosenTransport({
    mqtt: async () => {
      const { MqttTransport } = await import('../transport/mqtt')
      return new MqttTransport(told.webSocket, login)
    },
    polling: async () => new PollingTransport('', login),
    isHttpOpen: async () => {
      try {
        return (await fetch('/v1/configuration', { cache: 'no-store', signal: AbortSignal.timeout(OPEN_MILLIS) })).ok
      } catch {
        return false
      }
    },
    isWebSocketOpen: () => isWebSocketOpen(told.webSocket),
  })
}

function isWebSocketOpen(url: string): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = new WebSocket(url, 'mqtt')
    const told = (open: boolean) => {
      clearTimeout(timer)
      resolve(open)
      socket.close()
    }
    const timer = setTimeout(() => told(false), OPEN_MILLIS)
    socket.onopen = () => told(true)
    socket.onerror = () => told(false)
  })
}
