import { createServer, request as requested, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { Refused } from '../src/transport/transport'
import { Uploads } from '../src/transport/uploads'

/** As much of a browser's as uploads use, over Node's HTTP. */
class TestRequest {
  readonly upload: { onprogress?: (progress: { loaded: number }) => void; onload?: () => void } = {}
  status = 0
  responseText = ''
  onloadend = () => {}
  private method = ''
  private address = ''
  private readonly headers: Record<string, string> = {}
  private answer: IncomingMessage | null = null
  private running: ReturnType<typeof requested> | null = null

  open(method: string, address: string): void {
    this.method = method
    this.address = address
  }

  setRequestHeader(name: string, value: string): void {
    this.headers[name] = value
  }

  getResponseHeader(name: string): string | null {
    return (this.answer?.headers[name.toLowerCase()] as string | undefined) ?? null
  }

  abort(): void {
    this.running?.destroy()
  }

  send(body: Blob): void {
    void body.arrayBuffer().then((bytes) => {
      this.running = requested(this.address, { method: this.method, headers: { ...this.headers, 'Content-Length': String(bytes.byteLength) } }, (response) => {
        this.answer = response
        response.on('data', (chunk) => (this.responseText += String(chunk)))
        response.on('end', () => {
          this.status = response.statusCode ?? 0
          this.onloadend()
        })
      })
      this.running.on('error', () => this.onloadend())
      this.running.end(Buffer.from(bytes))
      this.upload.onprogress?.({ loaded: bytes.byteLength })
      this.upload.onload?.()
    })
  }
}

/** A server of uploads. The first connections that bring bytes are cut after so many. */
class TestServer {
  readonly asked: string[] = []
  readonly metadata: string[] = []
  stored = Buffer.alloc(0)
  cuts: number[] = []
  refusal: { status: number; body: string } | null = null
  private readonly server: Server = createServer((request, response) => void this.answer(request, response))

  async start(): Promise<string> {
    await new Promise<void>((resolve) => this.server.listen(0, '127.0.0.1', resolve))
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`
  }

  private async answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    this.asked.push(`${request.method} ${request.headers['upload-offset'] ?? ''}`.trim())
    if (request.method === 'POST') {
      this.metadata.push(String(request.headers['upload-metadata']))
      response.writeHead(201, { Location: '/v1/uploads/u1' }).end()
    } else if (request.method === 'HEAD') {
      response.writeHead(200, { 'Upload-Offset': String(this.stored.length), 'Upload-Length': '10' }).end()
    } else if (request.method === 'PATCH') {
      const chunks: Buffer[] = []
      for await (const chunk of request) {
        chunks.push(chunk as Buffer)
      }
      const cut = this.cuts.shift()
      this.stored = Buffer.concat([this.stored, Buffer.concat(chunks).subarray(0, cut)])
      const refusal = this.refusal
      this.refusal = null
      if (cut !== undefined) {
        request.socket.destroy()
      } else if (refusal) {
        this.stored = Buffer.alloc(0)
        response.writeHead(refusal.status).end(refusal.body)
      } else {
        response.writeHead(204, { 'Upload-Offset': String(this.stored.length) }).end()
      }
    } else {
      response.writeHead(204).end()
    }
  }

  stop(): void {
    this.server.closeAllConnections()
    this.server.close()
  }
}

describe('an upload', () => {
  let server: TestServer
  let uploads: Uploads
  const never = new AbortController().signal
  const file = new File(['0123456789'], 'über.png', { type: 'image/png' })

  beforeEach(async () => {
    vi.stubGlobal('XMLHttpRequest', TestRequest)
    server = new TestServer()
    uploads = new Uploads(await server.start(), 'secret')
  })

  afterEach(() => {
    server.stop()
    vi.unstubAllGlobals()
  })

  it('brings all bytes, and says name and type', async () => {
    const told: number[] = []
    expect(await uploads.send(file, (bytes) => told.push(bytes), never)).toBe('u1')
    expect(server.stored.toString()).toBe('0123456789')
    expect(told).toEqual([0, 10, 10])
    const metadata = server.metadata[0]!.split(',').map((pair) => pair.split(' ')).map(([key, value]) => `${key}=${Buffer.from(value!, 'base64').toString()}`)
    expect(metadata).toEqual(['filename=über.png', 'filetype=image/png', 'stripMetadata=true'])
  })

  it('goes on where it was cut', async () => {
    server.cuts = [3, 4]
    expect(await uploads.send(file, () => {}, never)).toBe('u1')
    expect(server.stored.toString()).toBe('0123456789')
    expect(server.asked).toEqual(['POST', 'PATCH 0', 'HEAD', 'PATCH 3', 'HEAD', 'PATCH 7'])
  })

  it('is begun again without its type if the bytes have another', async () => {
    server.refusal = { status: 400, body: '{"error":{"code":"BAD_REQUEST","message":"this is no PNG"}}' }
    expect(await uploads.send(file, () => {}, never)).toBe('u1')
    expect(server.asked).toEqual(['POST', 'PATCH 0', 'POST', 'PATCH 0'])
    expect(server.metadata[1]).not.toContain('filetype')
    expect(server.metadata[1]).not.toContain('stripMetadata')
  })

  it('ends with what the server refuses for good', async () => {
    server.refusal = { status: 413, body: '{"error":{"code":"TOO_LARGE","message":"too large"}}' }
    await expect(uploads.send(file, () => {}, never)).rejects.toThrow(Refused)
    expect(server.asked).toEqual(['POST', 'PATCH 0'])
  })

  it('is taken back when nobody wants it any more', async () => {
    const cancel = new AbortController()
    server.cuts = [3]
    await expect(uploads.send(file, (bytes) => bytes > 0 && cancel.abort(), cancel.signal)).rejects.toThrow()
    await vi.waitFor(() => expect(server.asked).toContain('DELETE'))
  })
})
