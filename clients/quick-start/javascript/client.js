// A chat client for the terminal on MQTT.js: npm ci && node client.js HOST PORT USER TO, with a token in PARLEY_TOKEN.
// Each line that it reads is sent to TO, a conversation or @user. What comes is stored, printed, and then acknowledged.
const fs = require('fs')
const mqtt = require('mqtt')
const { randomUUID } = require('crypto')
const readline = require('readline')

const [host, port, user, to] = process.argv.slice(2)
const file = `received-${user}.jsonl`
const store = fs.openSync(file, 'a+')
// Up to which seq each conversation is stored.
const stored = {}
for (const line of fs.readFileSync(file, 'utf8').split('\n').filter(Boolean)) {
  const { topic, event } = JSON.parse(line)
  stored[topic] = event.seq
}

const client = mqtt.connect({
  host,
  port: Number(port),
  protocol: 'mqtt',
  protocolVersion: 5,
  clientId: `${user}/quick-start`,
  username: user,
  password: process.env.PARLEY_TOKEN,
  keepalive: 50,
  clean: false,
  properties: { sessionExpiryInterval: 7 * 24 * 3600 },
  // "Not now" is an answer to CONNECT, too.
  reconnectOnConnackError: true,
})
client.on('error', (error) => console.error(String(error)))
// With a session that is there already this does no harm.
client.on('connect', () => client.subscribe(['chat/+/msg', `user/${user}/reply`], { qos: 1 }))
// MQTT.js acknowledges when this function has returned.
client.on('message', (topic, payload) => {
  const said = JSON.parse(payload)
  if (!topic.startsWith('chat/')) {
    console.log('reply:', said)
  } else if (said.seq > (stored[topic] ?? 0)) {
    fs.writeSync(store, JSON.stringify({ topic, event: said }) + '\n')
    fs.fsyncSync(store)
    stored[topic] = said.seq
    console.log(`#${said.seq} ${said.from}: ${said.text ?? JSON.stringify(said)}`)
  }
})

async function send(message) {
  try {
    await client.publishAsync(`chat/${to}/msg`, JSON.stringify(message), { qos: 1 })
  } catch (problem) {
    // MQTT.js gives this one back unsent: https://github.com/mqttjs/MQTT.js/issues/2015.
    if (problem.message === 'Connection closed') return send(message)
    console.error(`refused: ${problem.message}`)
  }
}
readline.createInterface({ input: process.stdin }).on('line', (text) => send({ id: randomUUID(), text })).on('close', () => client.end())
