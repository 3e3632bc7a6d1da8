import { sizeInWords } from '../model/size'
import type { Chosen } from '../session/chat'
import { isPicture } from '../session/media'
import { Icon } from './Icon'

/** A message has no more attachments. */
export const MOST_FILES = 16

/** Reads what is needed to show files before they are sent. */
export function choose(files: Iterable<File>): Promise<Chosen[]> {
  return Promise.all([...files].map(chosen))
}

async function chosen(file: File): Promise<Chosen> {
  if (isPicture({ id: '', contentType: file.type })) {
    const preview = URL.createObjectURL(file)
    const image = new Image()
    image.src = preview
    try {
      await image.decode()
      return { file, preview, width: image.naturalWidth, height: image.naturalHeight }
    } catch {
      URL.revokeObjectURL(preview)
    }
  }
  return { file, preview: '', width: 0, height: 0 }
}

/** What is going to be sent with the next message. */
export function Tray({ chosen, onRemove }: { chosen: Chosen[]; onRemove: (one: Chosen) => void }) {
  return (
    <ul class="tray" aria-label="To be sent">
      {chosen.map((one) => (
        <li key={one.preview || one.file.name} class={one.preview ? 'tray-one' : 'tray-one tray-file'}>
          {one.preview ? (
            <img src={one.preview} alt={one.file.name} />
          ) : (
            <>
              <Icon name="file" size={26} />
              <span class="tray-name">{one.file.name}</span>
              <span class="tray-size">{sizeInWords(one.file.size)}</span>
            </>
          )}
          <button type="button" class="tray-remove" aria-label={`Remove ${one.file.name}`} onClick={() => onRemove(one)}>
            <Icon name="close" size={16} />
          </button>
        </li>
      ))}
    </ul>
  )
}
