import type { Attachment } from 'parley-client'

/** So many pictures are kept in memory as they are shown in messages. */
const KEPT = 200

/** Sharp on a phone, too. */
const THUMBNAIL_PIXELS = 640

/** What the server makes no thumbnails of is shown as it is, if it is no larger. */
const SHOWN_WHOLE_BYTES = 3_000_000

const TRIES = 5

/** What a browser shows as a picture, and never as a page. */
const PICTURES = ['image/png', 'image/jpeg', 'image/gif', 'image/webp', 'image/avif', 'image/bmp']

export function isPicture({ contentType }: Attachment): boolean {
  return PICTURES.includes(contentType ?? '')
}

/** What is attached to messages. It is fetched with the token in a header, so that no address says it, and shown from memory. */
export class Media {
  private readonly token: string
  /** Addresses of thumbnails in memory by attachment, the one that was used last at the end. */
  private readonly kept = new Map<string, Promise<string>>()
  private readonly there = new Map<string, string>()

  constructor(token: string) {
    this.token = token
  }

  /** The picture's address if it is in memory. */
  shown(id: string): string {
    return this.there.get(id) ?? ''
  }

  /** The small picture's address. */
  thumbnail(attachment: Attachment): Promise<string> {
    const { id } = attachment
    const known = this.kept.get(id)
    if (known) {
      this.kept.delete(id)
      this.kept.set(id, known)
      return known
    }
    const address = this.small(attachment).then((blob) => URL.createObjectURL(blob))
    this.keep(id, address)
    return address
  }

  /** Keeps what was shown before it was uploaded, so that nothing blinks. */
  keep(id: string, address: Promise<string>): void {
    this.kept.set(id, address)
    address.then(
      (url) => this.there.set(id, url),
      () => this.kept.delete(id),
    )
    for (const oldest of [...this.kept.keys()].slice(0, this.kept.size - KEPT)) {
      this.kept.delete(oldest)
      URL.revokeObjectURL(this.there.get(oldest) ?? '')
      this.there.delete(oldest)
    }
  }

  private async small(attachment: Attachment): Promise<Blob> {
    try {
      return await picture(await this.fetched(`${attachment.id}/thumbnail?size=${THUMBNAIL_PIXELS}`), 'image/jpeg')
    } catch (problem) {
      if ((attachment.size ?? Infinity) > SHOWN_WHOLE_BYTES) {
        throw problem
      }
      return await picture(await this.fetched(attachment.id), attachment.contentType ?? '')
    }
  }

  /** The whole picture's address. Whom it is given to forgets it. */
  async whole(attachment: Attachment): Promise<string> {
    return URL.createObjectURL(await picture(await this.fetched(attachment.id), attachment.contentType ?? ''))
  }

  /** Lets the browser store it: by a link that ends within a minute, so that a large file goes to the disk at once. */
  async download({ id, name }: Attachment): Promise<void> {
    const response = await fetch(`/v1/attachments/${id}/link?seconds=60`, { ...this.init(), method: 'POST' })
    if (!response.ok) {
      throw new Error(response.status === 404 ? 'it is not there any more' : `the server answers ${response.status}`)
    }
    const { url } = (await response.json()) as { url: string }
    const link = document.createElement('a')
    link.href = url
    link.download = name ?? ''
    link.rel = 'noopener noreferrer'
    link.click()
  }

  private async fetched(path: string): Promise<Response> {
    for (let attempt = 1; ; attempt++) {
      const response = await fetch(`/v1/attachments/${path}`, this.init()).catch(() => null)
      if (response?.ok) {
        return response
      }
      const mayCome = response === null || response.status === 429 || response.status >= 500
      if (!mayCome || attempt === TRIES) {
        throw new Error(`the server answers ${response?.status ?? 'nothing'}`)
      }
      if (!navigator.onLine) {
        await new Promise((resolve) => addEventListener('online', resolve, { once: true }))
      }
      await new Promise((resolve) => setTimeout(resolve, attempt * 1500))
    }
  }

  private init(): RequestInit {
    return { headers: { Authorization: `Bearer ${this.token}` }, credentials: 'omit' }
  }
}

/** A type that is no picture's must not come into an address of this page. */
async function picture(response: Response, otherwise: string): Promise<Blob> {
  const told = (response.headers.get('Content-Type') ?? '').split(';')[0]!.trim()
  const type = PICTURES.includes(told) ? told : otherwise
  if (!PICTURES.includes(type)) {
    throw new Error('it is no picture')
  }
  return new Blob([await response.arrayBuffer()], { type })
}
