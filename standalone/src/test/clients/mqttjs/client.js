// A chat client on MQTT.js, for the system tests. It subscribes once. It publishes again only what MQTT.js gives back unsent; everything else
// that has to be done again after a lost connection is the library's work. See Program.java for what it reads and prints.
const mqtt = require('mqtt')
const readline = require('readline')

const [host, port, clientId, userName, version, expirySeconds, ...filters] = process.argv.slice(2)
const say = (line) => process.stdout.write(JSON.stringify(line) + '\n')

const client = mqtt.connect({
  host,
  port: Number(port),
  protocol: 'mqtt',
  protocolVersion: Number(version),
  clientId,
  username: userName,
  password: process.env.PARLEY_PASSWORD,
  clean: false,
  // A server without its log answers CONNECT with "server unavailable".
  reconnectOnConnackError: true,
  properties: version === '5' ? { sessionExpiryInterval: Number(expirySeconds) } : undefined,
})

// After a reconnect MQTT.js first sends what was not acknowledged, and keeps what it is handed meanwhile out of its store. If the connection
// breaks before that is done, it gives those messages back with this error (https://github.com/mqttjs/MQTT.js/issues/2015). No message that
// it has sent gets this error while it reconnects by itself.
const UNSENT = 'Connection closed'

async function publish(topic, payload) {
  try {
    await client.publishAsync(topic, payload, { qos: 1 })
  } catch (problem) {
    if (problem.message === UNSENT) {
      console.error(`again: ${payload}`)
      return publish(topic, payload)
    }
    say({ event: 'gave up', payload, reason: String(problem) })
  }
}

client.on('error', (error) => console.error(String(error)))
client.on('message', (topic, payload, packet) => say({ event: 'received', topic, dup: packet.dup, payload: payload.toString() }))

client.once('connect', () => {
  client.subscribe(filters, { qos: 1 }, (error, granted) => {
    if (error) {
      console.error(String(error))
      process.exit(1)
    }
    say({ event: 'subscribed' })
    const lines = readline.createInterface({ input: process.stdin })
    lines.on('line', (line) => {
      const topic = line.substring(0, line.indexOf(' '))
      publish(topic, line.substring(line.indexOf(' ') + 1))
    })
    lines.on('close', () => client.end(false, () => process.exit(0)))
  })
})
