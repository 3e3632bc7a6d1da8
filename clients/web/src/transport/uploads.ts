import type { WireError } from '../model/wire'
import { pauseMillis, Refused, REQUEST_MILLIS } from './transport'

/** An upload of which nothing moves for so long is cut, and goes on from where the server has it. */
const STALLED_MILLIS = 20_000

/** The server looks at all of it when the last byte is there. */
const FINISHING_MILLIS = 90_000

/** An upload that the server does not know any more is begun again so often. */
const BEGINNINGS = 3

/** Pictures of which the server can remove where and when they were taken. */
const WITH_METADATA = ['image/jpeg', 'image/png']

const RESUMABLE = { 'Tus-Resumable': '1.0.0' }

/** An upload under way: where it is, and how far the server has it; null when that has to be asked. */
interface Upload {
  address: string
  offset: number | null
}

/** Uploads files by tus 1.0, https://tus.io: what was cut goes on where it was cut, for as long as it takes. */
export class Uploads {
  private readonly base: string
  private readonly token: string

  constructor(base: string, token: string) {
    this.base = base
    this.token = token
  }

  /**
   * Uploads a file; its attachment's id.
   *
   * @param told called with how many bytes are on their way
   * @throws Refused when the server will never accept it, and whatever `signal` was aborted with
   */
  async send(file: File, told: (bytes: number) => void, signal: AbortSignal): Promise<string> {
    let upload: Upload | null = null
    let typed = true
    let begun = 0
    for (let failures = 0; ; ) {
      try {
        if (upload === null) {
          upload = { address: await this.create(file, typed, signal), offset: 0 }
          begun += 1
        }
        upload.offset ??= await this.offset(upload.address, file, signal)
        told(upload.offset)
        if (upload.offset >= file.size) {
          return upload.address.slice(upload.address.lastIndexOf('/') + 1)
        }
        upload.offset = await this.append(upload.address, upload.offset, file, told, signal)
        failures = 0
      } catch (problem) {
        if (signal.aborted) {
          this.drop(upload)
          throw problem
        }
        const code: string | undefined = problem instanceof Refused ? problem.error.code : undefined
        if (code === 'NOT_FOUND' && upload !== null && begun < BEGINNINGS) {
          upload = null
        } else if (code === 'BAD_REQUEST' && typed) {
          // The name promised another type than the bytes have: the server finds it out by itself.
          typed = false
          upload = null
          continue
        } else if (code !== undefined) {
          throw problem
        }
        if (upload !== null) {
          upload.offset = null
        }
        failures += 1
        await untilTryingAgain(failures, signal)
      }
    }
  }

  private async create(file: File, typed: boolean, signal: AbortSignal): Promise<string> {
    const metadata = { filename: file.name, ...(typed && file.type ? { filetype: file.type } : {}), ...(typed && WITH_METADATA.includes(file.type) ? { stripMetadata: 'true' } : {}) }
    const response = await this.fetched(`${this.base}/v1/uploads`, 'POST', signal, {
      'Upload-Length': String(file.size),
      'Upload-Metadata': Object.entries(metadata).map(([key, value]) => `${key} ${base64(value)}`).join(','),
    })
    const location = response.headers.get('Location')
    if (response.status !== 201 || !location) {
      throw await problemOf(response.status, () => response.text())
    }
    return this.base + new URL(location, 'http://server').pathname
  }

  /** How far the server has it. */
  private async offset(address: string, file: File, signal: AbortSignal): Promise<number> {
    const response = await this.fetched(address, 'HEAD', signal)
    const offset = response.headers.get('Upload-Offset')
    if (!response.ok || offset === null) {
      throw await problemOf(response.status, () => Promise.resolve(''))
    }
    // What was removed from a picture made it smaller.
    return offset === response.headers.get('Upload-Length') ? file.size : Number(offset)
  }

  /** Sends what is from `offset` on; how far the server has it then. */
  private append(address: string, offset: number, file: File, told: (bytes: number) => void, signal: AbortSignal): Promise<number> {
    return new Promise((resolve, reject) => {
      // Only this tells how much of it is on its way.
      const request = new XMLHttpRequest()
      let timer = setTimeout(() => request.abort(), STALLED_MILLIS)
      const patient = (millis: number) => {
        clearTimeout(timer)
        timer = setTimeout(() => request.abort(), millis)
      }
      const cancel = () => request.abort()
      signal.addEventListener('abort', cancel)
      request.open('PATCH', address)
      for (const [name, value] of Object.entries({ ...this.headers(), 'Upload-Offset': String(offset), 'Content-Type': 'application/offset+octet-stream' })) {
        request.setRequestHeader(name, value)
      }
      request.upload.onprogress = ({ loaded }) => {
        patient(STALLED_MILLIS)
        told(offset + loaded)
      }
      request.upload.onload = () => patient(FINISHING_MILLIS)
      request.onloadend = () => {
        clearTimeout(timer)
        signal.removeEventListener('abort', cancel)
        const end = Number(request.getResponseHeader('Upload-Offset'))
        if (request.status === 204 && end > offset) {
          resolve(end)
        } else {
          void problemOf(request.status, () => Promise.resolve(request.responseText)).then(reject)
        }
      }
      request.send(file.slice(offset))
    })
  }

  /** Nobody wants it any more. What stays of it, the server deletes after a day. */
  private drop(upload: Upload | null): void {
    if (upload !== null) {
      this.fetched(upload.address, 'DELETE', new AbortController().signal).catch(() => {})
    }
  }

  private fetched(address: string, method: string, signal: AbortSignal, headers: Record<string, string> = {}): Promise<Response> {
    return fetch(address, {
      method,
      headers: { ...this.headers(), ...headers },
      cache: 'no-store',
      credentials: 'omit',
      signal: AbortSignal.any([signal, AbortSignal.timeout(REQUEST_MILLIS)]),
    })
  }

  private headers(): Record<string, string> {
    return { ...RESUMABLE, Authorization: `Bearer ${this.token}` }
  }
}

/** Refused for good, or an error of which the next attempt may know nothing. */
async function problemOf(status: number, text: () => Promise<string>): Promise<Error> {
  const isFinal = status >= 400 && status < 500 && ![408, 409, 423, 429].includes(status)
  if (!isFinal) {
    return new Error(`the server answers ${status}`)
  }
  const body = await text().catch(() => '')
  let error: WireError = { code: status === 404 || status === 410 ? 'NOT_FOUND' : 'NOT_ALLOWED', message: 'The server does not take this file.' }
  try {
    error = (JSON.parse(body) as { error?: WireError }).error ?? error
  } catch {
    // It says nothing more.
  }
  return new Refused(error)
}

/** A growing pause, which ends when the network is back. */
function untilTryingAgain(failures: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const done = () => {
      clearTimeout(timer)
      globalThis.removeEventListener?.('online', done)
      signal.removeEventListener('abort', done)
      resolve()
    }
    const timer = setTimeout(done, pauseMillis(failures))
    globalThis.addEventListener?.('online', done)
    signal.addEventListener('abort', done)
  })
}

function base64(text: string): string {
  return btoa(String.fromCharCode(...new TextEncoder().encode(text)))
}
