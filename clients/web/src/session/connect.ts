import { ChosenTransport } from '../transport/choice'
import { PollingTransport } from '../transport/polling'
import type { Login } from '../transport/transport'

/** Where a platform is. */
export interface Place {
  /** Its HTTP service, such as `https://chat.example.org`; empty: the server that sent this page. */
  http?: string
  /** MQTT over WebSocket, such as `wss://chat.example.org/mqtt`; `GET /v1/configuration` tells it. */
  webSocket: string
}

const OPEN_MILLIS = 5000

/** The ways to a platform. The MQTT library is loaded when it is used. */
export function connect({ http = '', webSocket }: Place, login: Login): ChosenTransport {
  return new ChosenTransport({
    mqtt: async () => {
      const { MqttTransport } = await import('../transport/mqtt')
      return new MqttTransport(webSocket, login)
    },
    polling: async () => new PollingTransport(http, login),
    isHttpOpen: async () => {
      try {
        return (await fetch(`${http}/v1/configuration`, { cache: 'no-store', signal: AbortSignal.timeout(OPEN_MILLIS) })).ok
      } catch {
        return false
      }
    },
    isWebSocketOpen: () => isWebSocketOpen(webSocket),
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
