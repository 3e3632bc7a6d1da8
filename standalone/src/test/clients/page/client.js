// People who use the web page in Chromium, for the system tests. Arguments: the page's address, MQTT's port, a folder for screenshots, scenarios (without
// any: all). It prints a JSON line for each scenario: {"scenario","problem","millis"}, where a problem of null means that everything was as it should be.
const fs = require('fs')
const net = require('net')
const path = require('path')
const mqtt = require('mqtt')
const { chromium } = require('playwright-core')

const [address, mqttPort, folder, ...wanted] = process.argv.slice(2)
const axe = fs.readFileSync(require.resolve('axe-core/axe.min.js'), 'utf8')
const RUN = Date.now().toString(36)
const PATIENCE_MILLIS = 60_000
// They wait more than they work.
const AT_ONCE = 3
const DESKTOP = { width: 1200, height: 780 }
const PHONE = { width: 360, height: 720 }
// A user's name that no other test has.
const name = (who) => `page-${who}-${RUN}`

let browser

/** Somebody with a browser of their own. Their WebSocket can be cut, and stays cut until it is mended. */
class Person {
  /** @param contexts the browser contexts of the scenario: this person's is added */
  static async arrive(contexts, who, { viewport = DESKTOP, colorScheme = 'light', blocked = false, at = address } = {}) {
    const person = new Person()
    person.name = name(who)
    person.address = at
    person.blocked = blocked
    person.sockets = new Set()
    person.problems = []
    person.context = await browser.newContext({ viewport, colorScheme, hasTouch: viewport === PHONE, isMobile: viewport === PHONE, reducedMotion: 'reduce' })
    contexts.push(person.context)
    person.context.setDefaultTimeout(PATIENCE_MILLIS)
    person.page = await person.context.newPage()
    await person.watch(person.page)
    return person
  }

  async watch(page) {
    page.on('pageerror', (error) => this.problems.push(String(error)))
    page.on('dialog', (dialog) => this.problems.push(`a dialog: ${dialog.message()}`) && dialog.dismiss())
    page.on('console', (message) => {
      if (/Content Security Policy|TrustedHTML|Trusted Type/.test(message.text())) {
        this.problems.push(message.text())
      }
    })
    await page.routeWebSocket(/\/mqtt$/, (socket) => {
      if (this.blocked) {
        socket.close({ code: 4000 })
        return
      }
      const server = socket.connectToServer()
      this.sockets.add({ socket, server })
    })
  }

  async signIn() {
    await this.page.goto(this.address)
    await this.page.getByLabel('Name', { exact: true }).fill(this.name)
    await this.page.getByRole('button', { name: 'Sign in' }).click()
    await this.page.getByRole('button', { name: 'New conversation' }).first().waitFor()
    return this
  }

  async cut() {
    this.blocked = true
    await this.context.setOffline(true)
    for (const { socket, server } of this.sockets) {
      await server.close({ code: 4000 }).catch(() => {})
      await socket.close({ code: 4000 }).catch(() => {})
    }
    this.sockets.clear()
  }

  async mend() {
    this.blocked = false
    await this.context.setOffline(false)
  }

  async writeTo(user) {
    await this.page.getByRole('button', { name: 'New conversation' }).first().click()
    await this.page.getByLabel('Name of the person').fill(user)
    await this.page.getByRole('button', { name: 'Write' }).click()
    await this.composer().waitFor()
  }

  composer() {
    return this.page.getByRole('textbox', { name: 'Message to' })
  }

  async say(text) {
    await this.composer().fill(text)
    await this.page.getByRole('button', { name: 'Send', exact: true }).click()
  }

  async open(title) {
    await this.page.getByRole('navigation').getByRole('link', { name: title }).first().click()
    await this.page.getByRole('log').waitFor()
  }

  message(text) {
    return this.page.getByRole('article').filter({ hasText: text })
  }

  async sees(text) {
    await this.message(text).last().waitFor()
  }

  async texts() {
    return this.page.locator('.message .body').allTextContents()
  }

  /** Waits until a message of this person has that tick. */
  async tick(text, tick) {
    await this.message(text).locator(`[data-tick="${tick}"]`).waitFor()
  }

  async menu(text, item) {
    const message = this.message(text).last()
    await message.hover()
    await message.getByRole('button', { name: 'More' }).click()
    await this.page.getByRole('menuitem', { name: item }).click()
  }

  async attach(files) {
    await this.page.locator('input[type=file]').setInputFiles(files)
  }

  /** A file comes as if it was dropped on the conversation. */
  async drop(fileName, type, text) {
    const dropped = await this.page.evaluateHandle(([fileName, type, text]) => {
      const data = new DataTransfer()
      data.items.add(new File([text], fileName, { type }))
      return data
    }, [fileName, type, text])
    const place = this.page.locator('section.conversation')
    await place.dispatchEvent('dragover', { dataTransfer: dropped })
    await this.page.getByText('Drop it here').waitFor()
    await place.dispatchEvent('drop', { dataTransfer: dropped })
  }

  async paste(fileName, type, bytes) {
    await this.composer().evaluate((box, [fileName, type, base64]) => {
      const clipboardData = new DataTransfer()
      clipboardData.items.add(new File([Uint8Array.from(atob(base64), (one) => one.charCodeAt(0))], fileName, { type }))
      box.dispatchEvent(new ClipboardEvent('paste', { clipboardData, bubbles: true, cancelable: true }))
    }, [fileName, type, bytes.toString('base64')])
  }

  async picture(what) {
    await this.page.screenshot({ path: path.join(folder, `${what}.png`) })
  }

  /** Nothing that axe-core calls serious or critical. */
  async accessible(what) {
    await this.page.evaluate(`${axe};undefined`)
    const found = await this.page.evaluate(() => window.axe.run(document, { resultTypes: ['violations'] }))
    const bad = found.violations.filter(({ impact }) => impact === 'serious' || impact === 'critical')
    expect(bad.length === 0, `${what}: ${bad.map((one) => `${one.id} at ${one.nodes.map((node) => `${node.target} (${node.failureSummary})`).join('; ')}`).join(' | ')}`)
  }

  async leave() {
    await this.context.close()
    expect(this.problems.length === 0, `the page of ${this.name} had problems: ${this.problems.join(' | ')}`)
  }
}

/** The network between a page and the server's HTTP. It can be cut in the middle of what is sent. */
class Network {
  constructor() {
    this.left = Infinity
    this.connections = new Set()
    this.listening = net.createServer((page) => this.connect(page))
  }

  async open() {
    await new Promise((resolve) => this.listening.listen(0, '127.0.0.1', resolve))
    return `http://127.0.0.1:${this.listening.address().port}`
  }

  connect(page) {
    const server = net.connect(Number(new URL(address).port), '127.0.0.1')
    for (const [one, other] of [[page, server], [server, page]]) {
      this.connections.add(one)
      one.on('error', () => {})
      one.on('close', () => {
        this.connections.delete(one)
        other.destroy()
      })
    }
    server.pipe(page)
    page.on('data', (bytes) => {
      if (bytes.length < this.left) {
        this.left -= bytes.length
        server.write(bytes)
        return
      }
      server.end(bytes.subarray(0, this.left))
      this.left = 0
      page.destroy()
    })
  }

  /** Lets so many bytes of pages through, and nothing after them. */
  cutAfter(bytes) {
    this.left = bytes
  }

  get isCut() {
    return this.left === 0
  }

  mend() {
    this.left = Infinity
  }

  close() {
    this.listening.close()
    this.connections.forEach((one) => one.destroy())
  }
}

function expect(holds, problem) {
  if (!holds) {
    throw new Error(problem)
  }
}

async function eventually(condition, problem) {
  const until = Date.now() + PATIENCE_MILLIS
  while (!(await condition())) {
    expect(Date.now() < until, typeof problem === 'function' ? await problem() : problem)
    await new Promise((resolve) => setTimeout(resolve, 50))
  }
}

/** A device without a page, which says many things at once. */
async function device(user) {
  const answer = await fetch(`${address}/v1/development/token`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify({ user }),
  })
  const { token } = await answer.json()
  return mqtt.connectAsync({ host: '127.0.0.1', port: Number(mqttPort), protocol: 'mqtt', protocolVersion: 5, clientId: `${user}/script`, username: user, password: token })
}

/** A picture of a lake at night. Its noise makes it as large as a photograph. */
async function painted(page, width, height) {
  const base64 = await page.evaluate(async ([width, height]) => {
    const canvas = new OffscreenCanvas(width, height)
    const pen = canvas.getContext('2d')
    const sky = pen.createLinearGradient(0, 0, 0, height)
    for (const [at, colour] of [[0, '#123a4a'], [0.45, '#e8a06a'], [0.6, '#f6d9a8'], [0.62, '#2f5f6e'], [1, '#0d2630']]) {
      sky.addColorStop(at, colour)
    }
    pen.fillStyle = sky
    pen.fillRect(0, 0, width, height)
    const pixels = pen.getImageData(0, 0, width, height)
    for (let at = 0; at < pixels.data.length; at++) {
      pixels.data[at] += at % 4 === 3 ? 0 : Math.random() * 14 - 7
    }
    pen.putImageData(pixels, 0, 0)
    const bytes = new Uint8Array(await (await canvas.convertToBlob({ type: 'image/png' })).arrayBuffer())
    let text = ''
    for (let at = 0; at < bytes.length; at += 8192) {
      text += String.fromCharCode(...bytes.subarray(at, at + 8192))
    }
    return btoa(text)
  }, [width, height])
  return Buffer.from(base64, 'base64')
}

const scenarios = {
  async talk(contexts) {
    const alice = await (await Person.arrive(contexts, 'alice')).signIn()
    const bob = await (await Person.arrive(contexts, 'bob', { colorScheme: 'dark' })).signIn()
    await alice.writeTo(bob.name)
    await alice.say('hello bob')
    await bob.open(alice.name)
    await bob.sees('hello bob')
    await alice.tick('hello bob', 'read')

    await bob.composer().pressSequentially('hi', { delay: 20 })
    await alice.page.locator('.conversation-typing').waitFor()
    await bob.composer().fill('hi alice')
    await bob.composer().press('Enter')
    await alice.sees('hi alice')
    await alice.page.locator('.conversation-sub', { hasText: 'online' }).waitFor()

    await alice.menu('hi alice', 'Reply')
    await alice.say('an answer')
    await bob.message('an answer').locator('.quote', { hasText: 'hi alice' }).waitFor()
    await bob.menu('an answer', 'React with 👍')
    await alice.message('an answer').getByRole('button', { name: '👍, 1' }).waitFor()
    await alice.menu('an answer', 'Edit')
    await alice.composer().fill('a better answer')
    await alice.page.getByRole('button', { name: 'Save' }).click()
    await bob.message('a better answer').getByText('edited').waitFor()
    await bob.picture('desktop-dark-conversation')
    await alice.picture('desktop-light-conversation')
    await alice.menu('hello bob', 'Delete for everybody')
    await alice.page.getByRole('dialog').getByRole('button', { name: 'Delete' }).click()
    await bob.sees('Message deleted')
    expect((await bob.texts()).length === 3, `bob sees ${JSON.stringify(await bob.texts())}`)
    await alice.leave()
    await bob.leave()
  },

  async offline(contexts) {
    const ann = await (await Person.arrive(contexts, 'ann')).signIn()
    const ben = await (await Person.arrive(contexts, 'ben')).signIn()
    await ann.writeTo(ben.name)
    await ann.say('one')
    await ben.open(ann.name)
    await ben.sees('one')

    await ben.cut()
    await ben.page.getByText('You are offline.').waitFor()
    for (const text of ['two', 'three', 'four']) {
      await ann.say(text)
      await ann.tick(text, 'sent')
    }
    await ben.say('mine')
    await ben.tick('mine', 'waiting')
    await ben.picture('desktop-light-offline')
    await ben.mend()
    await ann.sees('mine')
    const all = ['one', 'two', 'three', 'four', 'mine']
    const same = async (person) => JSON.stringify(await person.texts()) === JSON.stringify(all)
    await eventually(() => same(ben), async () => `ben sees ${await ben.texts()}`)
    await eventually(() => same(ann), async () => `ann sees ${await ann.texts()}`)
    await ben.page.getByText('You are offline.').waitFor({ state: 'hidden' })

    // What was written without a connection survives the page.
    await ben.cut()
    await ben.say('from before')
    await ben.tick('from before', 'waiting')
    await ben.page.close()
    await ben.mend()
    ben.page = await ben.context.newPage()
    await ben.watch(ben.page)
    await ben.page.goto(address)
    await ann.sees('from before')
    await ann.leave()
    await ben.leave()
  },

  async history(contexts) {
    const cleo = await (await Person.arrive(contexts, 'cleo')).signIn()
    const writer = name('writer')
    const said = await device(writer)
    const topic = `chat/@${cleo.name}/msg`
    await said.publishAsync(topic, JSON.stringify({ id: 'first', text: 'message 0' }), { qos: 1 })
    await Promise.all(Array.from({ length: 199 }, (_, at) => said.publishAsync(topic, JSON.stringify({ id: `m${at + 1}`, text: `message ${at + 1}` }), { qos: 1 })))
    await cleo.page.getByRole('link', { name: writer }).getByText('200 unread').waitFor()

    // A page that is opened now has seen nothing of it.
    await cleo.page.reload()
    await cleo.page.getByRole('link', { name: writer }).getByText('200 unread').waitFor()
    await cleo.open(writer)
    await cleo.page.getByText('message 199', { exact: true }).first().waitFor()
    const log = cleo.page.getByRole('log')
    for (let pages = 0; !(await cleo.page.getByText('message 0', { exact: true }).count()); pages++) {
      expect(pages < 40, 'the beginning is not reached')
      // Where a message is that is in sight, before and after something was added above it.
      const moved = await log.evaluate(async (box) => {
        box.scrollTop = 300
        await new Promise((resolve) => setTimeout(resolve, 30))
        const top = box.getBoundingClientRect().top
        const seen = [...box.querySelectorAll('.message')].find((one) => one.getBoundingClientRect().top > top + 20)
        const before = seen.getBoundingClientRect().top
        const count = box.querySelectorAll('.message').length
        const until = Date.now() + 2000
        while (box.querySelectorAll('.message').length === count && Date.now() < until) {
          await new Promise((resolve) => setTimeout(resolve, 10))
        }
        return seen.getBoundingClientRect().top - before
      })
      expect(Math.abs(moved) < 2, `what was read moved by ${moved} pixels`)
    }
    const texts = await cleo.texts()
    expect(texts.length === 200 && new Set(texts).size === 200, `there are ${texts.length} messages`)
    await cleo.page.getByRole('searchbox').fill('message 7')
    await cleo.page.getByRole('navigation').getByRole('link', { name: 'message 77' }).click()
    await cleo.page.locator('.message.flashed', { hasText: 'message 77' }).waitFor()
    await said.endAsync()
    await cleo.leave()
  },

  async harmless(contexts) {
    const dan = await (await Person.arrive(contexts, 'dan')).signIn()
    const mallory = await device(name('mallory'))
    const texts = [
      '<img src=x onerror="document.title=1;alert(1)">',
      '<script>alert(2)</script><svg onload=alert(3)>',
      'javascript:alert(4) data:text/html,<script>alert(5)</script>',
      '"><iframe srcdoc="<script>alert(6)</script>"></iframe>',
      '{{constructor.constructor("alert(7)")()}} ${alert(8)}',
    ]
    const topic = `chat/@${dan.name}/msg`
    await mallory.publishAsync(topic, JSON.stringify({ id: 'x0', text: texts[0] }), { qos: 1 })
    for (const [at, text] of texts.entries()) {
      await mallory.publishAsync(topic, JSON.stringify({ id: `x${at}`, text }), { qos: 1 })
    }
    await mallory.publishAsync(topic, JSON.stringify({ id: 'end', text: 'see https://parley.example/<b>, bye' }), { qos: 1 })
    await dan.open(name('mallory'))
    await dan.sees('bye')
    const shown = await dan.texts()
    expect(JSON.stringify(shown.slice(0, texts.length)) === JSON.stringify(texts), `the texts are ${JSON.stringify(shown)}`)
    const odd = await dan.page.locator('.message .body').locator('img, script, svg, iframe, b').count()
    expect(odd === 0, `${odd} elements were made of text`)
    const links = await dan.page.locator('.message a').evaluateAll((all) => all.map((one) => `${one.href} ${one.rel}`))
    expect(links.length === 1 && links[0].startsWith('https://parley.example/ ') && links[0].includes('noopener'), `the links are ${links}`)
    expect(!dan.page.url().includes('.eyJ') && dan.page.url().startsWith(address), 'a token is in the address')
    await mallory.endAsync()
    await dan.leave()
  },

  async group(contexts) {
    const eve = await (await Person.arrive(contexts, 'eve')).signIn()
    const fay = await (await Person.arrive(contexts, 'fay', { viewport: PHONE })).signIn()
    await eve.page.getByRole('button', { name: 'New conversation' }).first().click()
    await eve.page.getByRole('button', { name: 'Group' }).click()
    await eve.page.getByLabel('Name of the group').fill('Sailing')
    await eve.page.getByLabel('Add people by name').fill(fay.name)
    await eve.page.getByRole('button', { name: 'Add', exact: true }).first().click()
    await eve.page.getByRole('button', { name: 'Found the group' }).click()
    await eve.composer().pressSequentially(`who comes? @${fay.name.slice(0, 7)}`)
    await eve.page.getByRole('option', { name: fay.name }).waitFor()
    await eve.composer().press('Enter')
    await eve.composer().press('Enter')
    const item = fay.page.getByRole('link', { name: 'Sailing' })
    await item.getByTitle('You are mentioned').waitFor()
    await fay.picture('phone-light-list')
    await item.click()
    await fay.page.locator('.mention-me').waitFor()
    await fay.say('me')
    await eve.tick('who comes', 'read')
    await fay.picture('phone-light-group')

    await eve.page.getByRole('button', { name: 'Details', exact: true }).click()
    await eve.page.getByRole('textbox', { name: 'Add a member by name' }).fill(name('gus'))
    await eve.page.getByRole('button', { name: 'Add', exact: true }).click()
    await eve.page.getByText('3 members').first().waitFor()
    await eve.picture('desktop-light-details')
    await fay.page.getByRole('button', { name: 'Details', exact: true }).click()
    await fay.page.getByRole('button', { name: 'Notifications' }).click()
    await fay.page.getByRole('menuitem', { name: 'Mute for an hour' }).click()
    await fay.page.getByRole('button', { name: 'Muted' }).waitFor()
    await fay.page.getByRole('button', { name: 'Leave the group' }).click()
    await fay.page.getByRole('dialog').getByRole('button', { name: 'Leave' }).click()
    await eve.page.locator('.system', { hasText: `${fay.name} left` }).waitFor()
    await eve.leave()
    await fay.leave()
  },

  async keyboard(contexts) {
    const hal = await Person.arrive(contexts, 'hal')
    const { page } = hal
    await page.goto(address)
    await page.getByLabel('Name', { exact: true }).focus()
    await page.keyboard.type(hal.name)
    await page.keyboard.press('Enter')
    await page.getByRole('button', { name: 'New conversation' }).first().focus()
    await page.keyboard.press('Enter')
    await page.getByLabel('Name of the person').focus()
    await page.keyboard.type(name('ida'))
    await page.keyboard.press('Enter')
    await hal.composer().waitFor()
    await eventually(() => hal.composer().evaluate((one) => one === document.activeElement), 'the composer has no focus')
    await page.keyboard.type('frist')
    await page.keyboard.press('Enter')
    await hal.tick('frist', 'sent')
    await page.keyboard.press('ArrowUp')
    await eventually(async () => (await hal.composer().inputValue()) === 'frist', 'the message is not edited')
    await page.keyboard.press('Control+a')
    await page.keyboard.type('first')
    await page.keyboard.press('Enter')
    await hal.message('first').getByText('edited').waitFor()
    await page.keyboard.press('Shift+Tab')
    await page.keyboard.press('Shift+Tab')
    expect(await hal.message('first').evaluate((one) => one === document.activeElement), `the focus is on ${await page.evaluate(() => document.activeElement.outerHTML.slice(0, 200))}`)
    await page.keyboard.press('Enter')
    await page.getByRole('menu').waitFor()
    await page.keyboard.press('Escape')
    await page.getByRole('menu').waitFor({ state: 'detached' })
    await page.keyboard.press('r')
    await page.getByText('Reply to yourself').waitFor()
    await page.keyboard.type('second')
    await page.keyboard.press('Enter')
    await hal.message('second').locator('.quote', { hasText: 'first' }).waitFor()
    await hal.leave()
  },

  async accessible(contexts) {
    for (const colorScheme of ['light', 'dark']) {
      const jo = await Person.arrive(contexts, `jo-${colorScheme}`, { colorScheme, viewport: colorScheme === 'dark' ? PHONE : DESKTOP })
      const size = colorScheme === 'dark' ? 'phone' : 'desktop'
      await jo.page.goto(address)
      await jo.page.getByLabel('Name', { exact: true }).waitFor()
      await jo.picture(`${size}-${colorScheme}-sign-in`)
      await jo.accessible('signing in')
      await jo.signIn()
      await jo.writeTo(name('kim'))
      await jo.say('hello https://parley.example @x `code`')
      await jo.tick('hello', 'sent')
      await jo.picture(`${size}-${colorScheme}-first-message`)
      await jo.accessible('a conversation')
      const width = await jo.page.evaluate(() => document.documentElement.scrollWidth - innerWidth)
      expect(width <= 0, `the page is ${width} pixels too wide`)
      await jo.page.getByRole('button', { name: 'Details', exact: true }).click()
      await jo.accessible('details')
      await jo.page.getByRole('button', { name: 'Close the details' }).click()
      if (size === 'phone') {
        await jo.page.getByRole('button', { name: 'Back to' }).click()
      }
      await jo.page.getByRole('button', { name: 'New conversation' }).first().click()
      await jo.accessible('a new conversation')
      await jo.picture(`${size}-${colorScheme}-new`)
      await jo.leave()
    }
  },

  async blocked(contexts) {
    const lea = await (await Person.arrive(contexts, 'lea', { blocked: true })).signIn()
    const max = await (await Person.arrive(contexts, 'max')).signIn()
    await lea.page.getByText('Connected over HTTP.').waitFor({ state: 'attached' })
    await max.writeTo(lea.name)
    await max.say('over HTTP')
    await lea.open(max.name)
    await lea.sees('over HTTP')
    await max.tick('over HTTP', 'read')
    // Each says it again while they type; what is told before the other looks is told again.
    const types = async (who, other) => {
      const shown = other.page.locator('.conversation-typing')
      await eventually(async () => {
        await who.composer().pressSequentially('.')
        return (await shown.count()) > 0
      }, `${other.name} does not see that ${who.name} types`)
    }
    await types(lea, max)
    await types(max, lea)
    await lea.say('and back')
    await max.sees('and back')
    await lea.tick('and back', 'read')
    await max.say('again')
    await lea.sees('again')
    expect(lea.sockets.size === 0, 'a WebSocket came through')

    // Where WebSocket is possible again, it is what a page begins with.
    await lea.mend()
    await lea.page.reload()
    await max.say('by MQTT')
    await lea.sees('by MQTT')
    expect(lea.sockets.size === 1, `there are ${lea.sockets.size} WebSockets`)
    expect((await lea.page.getByText('Connected over HTTP.').count()) === 0, 'it polls')
    await lea.leave()
    await max.leave()
  },

  async pictures(contexts) {
    const network = new Network()
    const nina = await (await Person.arrive(contexts, 'nina', { at: await network.open() })).signIn()
    const olaf = await (await Person.arrive(contexts, 'olaf', { colorScheme: 'dark', viewport: PHONE })).signIn()
    await nina.writeTo(olaf.name)
    await nina.say('look at this')
    await olaf.open(nina.name)
    await olaf.sees('look at this')

    const begins = []
    nina.page.on('request', (request) => request.method() === 'PATCH' && begins.push(Number(request.headers()['upload-offset'])))
    await nina.attach([{ name: 'lake.png', mimeType: 'image/png', buffer: await painted(nina.page, 900, 600) }])
    await nina.page.getByRole('img', { name: 'lake.png' }).waitFor()
    await nina.picture('desktop-light-tray')
    await nina.accessible('a picture before it is sent')
    network.cutAfter(400_000)
    await nina.say('the lake')
    await eventually(() => network.isCut, 'the upload was not cut')
    await nina.page.getByRole('progressbar', { name: 'Uploading lake.png' }).waitFor({ state: 'attached' })
    await nina.say('meanwhile')
    await olaf.sees('meanwhile')
    await nina.picture('desktop-light-upload')
    network.mend()
    await olaf.sees('the lake')
    await nina.tick('the lake', 'read')
    expect(begins.length > 1 && begins[0] === 0 && begins.at(-1) > 0, `the parts of the upload began at ${begins}`)

    await eventually(() => olaf.page.locator('.picture img').evaluate((one) => one.naturalWidth === 640), 'there is no thumbnail')
    await olaf.picture('phone-dark-picture')
    const wide = await olaf.page.getByRole('log').evaluate((log) => log.scrollWidth - log.clientWidth)
    expect(wide <= 0, `the messages are ${wide} pixels too wide`)
    await olaf.page.getByRole('button', { name: 'Picture lake.png' }).click()
    const whole = olaf.page.getByRole('dialog').getByRole('img', { name: 'lake.png' })
    await eventually(() => whole.evaluate((one) => one.naturalWidth === 900), 'the whole picture is not shown')
    await olaf.accessible('a whole picture')
    await olaf.picture('phone-dark-viewer')
    await olaf.page.keyboard.press('Escape')
    await whole.waitFor({ state: 'detached' })

    // A file, dropped; a picture, pasted; and one that is taken back.
    await nina.drop('notes.txt', 'text/plain', 'what was said')
    await nina.page.getByRole('button', { name: 'Remove notes.txt' }).waitFor()
    await nina.paste('pasted.png', 'image/png', await painted(nina.page, 40, 30))
    await nina.page.getByRole('button', { name: 'Remove pasted.png' }).click()
    await nina.page.getByRole('button', { name: 'Send', exact: true }).click()
    const file = olaf.page.getByRole('button', { name: 'Download notes.txt' })
    await file.waitFor()
    const [download] = await Promise.all([olaf.page.waitForEvent('download'), file.click()])
    expect(fs.readFileSync(await download.path(), 'utf8') === 'what was said', 'the file is another')
    expect(download.suggestedFilename() === 'notes.txt', `it is called ${download.suggestedFilename()}`)
    await nina.accessible('messages with pictures and files')

    network.cutAfter(400_000)
    await nina.attach([{ name: 'wrong.bin', mimeType: 'application/octet-stream', buffer: Buffer.alloc(800_000) }])
    await nina.page.getByRole('button', { name: 'Send', exact: true }).click()
    await eventually(() => network.isCut, 'the second upload was not cut')
    await nina.page.getByRole('button', { name: 'Cancel the upload of wrong.bin' }).click()
    await nina.page.getByText('wrong.bin').waitFor({ state: 'detached' })
    network.mend()
    await nina.say('the end')
    await olaf.sees('the end')
    expect((await olaf.page.getByText('wrong.bin').count()) === 0, 'what was taken back came')
    network.close()
    await nina.leave()
    await olaf.leave()
  },

  async push(contexts) {
    const pia = await Person.arrive(contexts, 'pia')
    await pia.context.grantPermissions(['notifications'], { origin: address })
    await pia.signIn()
    const manifest = await (await fetch(`${address}/manifest.webmanifest`)).json()
    expect(manifest.display === 'standalone' && manifest.icons.some(({ sizes }) => sizes === '512x512'), 'it cannot be installed')
    const browserSession = await pia.context.newCDPSession(pia.page)
    const { installabilityErrors } = await browserSession.send('Page.getInstallabilityErrors')
    // A context of a test is like a private window.
    const errors = installabilityErrors.map(({ errorId }) => errorId).filter((id) => id !== 'in-incognito')
    expect(errors.length === 0, `it cannot be installed: ${errors}`)

    await pia.page.getByRole('button', { name: `${pia.name} Settings` }).click()
    await pia.page.getByRole('menuitemcheckbox', { name: 'Notifications' }).click()
    await pia.page.getByRole('menuitemcheckbox', { name: 'Notifications', checked: true }).waitFor()
    await pia.page.keyboard.press('Escape')

    const registrations = []
    browserSession.on('ServiceWorker.workerRegistrationUpdated', (event) => registrations.push(...event.registrations))
    await browserSession.send('ServiceWorker.enable')
    await eventually(() => registrations.length > 0, 'there is no service worker')
    await pia.page.evaluate(() => navigator.serviceWorker.ready.then(() => {}))
    const { registrationId } = registrations[0]
    const deliver = (message) => browserSession.send('ServiceWorker.deliverPushMessage', { origin: address, registrationId, data: JSON.stringify(message) })
    const worker = pia.context.serviceWorkers()[0] ?? (await pia.context.waitForEvent('serviceworker'))
    // A browser without a screen closes notifications by itself after some seconds: what it was asked to show is what counts.
    await worker.evaluate(() => {
      const { prototype } = ServiceWorkerRegistration
      const show = prototype.showNotification
      self.showing = new Map()
      prototype.showNotification = async function (title, options) {
        await show.call(this, title, options)
        self.showing.set(options.tag, { title, ...options, close: () => self.showing.delete(options.tag) })
      }
      prototype.getNotifications = async ({ tag } = {}) => [...self.showing.values()].filter((one) => tag === undefined || one.tag === tag)
    })
    const shown = () => worker.evaluate(() => [...self.showing.values()].map(({ title, body, tag, data }) => [title, body, tag, data.conversation]))
    const showing = async (...wanted) =>
      eventually(async () => JSON.stringify(await shown()) === JSON.stringify(wanted), async () => `it shows ${JSON.stringify(await shown())} instead of ${JSON.stringify(wanted)}`)

    const chat = `${name('quinn')}~${pia.name}`
    await deliver({ title: 'quinn', body: 'hello', conversation: chat, tag: 't1', badge: 1 })
    await showing(['quinn', 'hello', 't1', chat])
    await deliver({ title: 'quinn', body: 'hello again', conversation: chat, tag: 't1', badge: 2 })
    await showing(['quinn', 'hello again', 't1', chat])
    await deliver({ title: 'Sailing', body: 'ray: tomorrow?', conversation: 'g1', tag: 't2', badge: 3 })
    await showing(['quinn', 'hello again', 't1', chat], ['Sailing', 'ray: tomorrow?', 't2', 'g1'])
    await deliver({ withdraw: true, conversation: 'g1', tag: 't2', badge: 2 })
    await showing(['quinn', 'hello again', 't1', chat])
    // Only the number of what is unread has changed.
    await deliver({ badge: 0 })
    await deliver({ title: 'quinn', body: 'the last', conversation: chat, tag: 't1', badge: 1 })
    await showing(['quinn', 'the last', 't1', chat])

    await worker.evaluate((tag) => {
      const click = new Event('notificationclick')
      self.dispatchEvent(Object.assign(click, { notification: self.showing.get(tag), waitUntil: (done) => done.catch(() => {}) }))
    }, 't1')
    await eventually(async () => decodeURIComponent(new URL(pia.page.url()).hash) === `#${chat}`, () => `the page is at ${pia.page.url()}`)
    await showing()
    await pia.leave()
  },
}

async function main() {
  fs.mkdirSync(folder, { recursive: true })
  const data = fs.mkdtempSync(path.join(folder, 'profile'))
  browser = await chromium.launch({
    executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
    args: [
      '--headless', '--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking',
      '--disable-component-update', '--disable-sync',
    ],
    env: { ...process.env, HOME: data },
  })
  const todo = Object.entries(scenarios).filter(([scenario]) => wanted.length === 0 || wanted.includes(scenario))
  const work = async () => {
    for (let next = todo.shift(); next; next = todo.shift()) {
      await report(...next)
    }
  }
  await Promise.all(Array.from({ length: AT_ONCE }, work))
  await browser.close()
  fs.rmSync(data, { recursive: true, force: true })
}

/** Plays a scenario and prints what came of it. */
async function report(scenario, play) {
  const start = Date.now()
  const contexts = []
  let problem = null
  try {
    await play(contexts)
  } catch (error) {
    problem = String(error.stack ?? error)
    for (const [at, context] of contexts.entries()) {
      const page = context.pages()[0]
      await page?.screenshot({ path: path.join(folder, `failed-${scenario}-${at}.png`) }).catch(() => {})
      await context.close()
    }
  }
  console.log(JSON.stringify({ scenario, problem, millis: Date.now() - start }))
}

main().then(
  () => process.exit(0),
  (error) => {
    console.error(error)
    process.exit(1)
  },
)
