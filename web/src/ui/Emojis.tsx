import { Popover } from './Popover'

/** One click away. */
export const QUICK = ['👍', '❤️', '😂', '😮', '😢', '🙏']

const EMOJIS: [string, string][] = [
  ['👍', 'thumbs up'], ['❤️', 'heart'], ['😂', 'tears of joy'], ['😮', 'surprised'], ['😢', 'crying'], ['🙏', 'thank you'],
  ['😀', 'grinning'], ['😊', 'smiling'], ['😉', 'winking'], ['😍', 'in love'], ['🥰', 'smiling with hearts'], ['😘', 'kiss'],
  ['😎', 'cool'], ['🤔', 'thinking'], ['😅', 'sweating'], ['🙃', 'upside down'], ['😴', 'sleeping'], ['🤗', 'hugging'],
  ['😬', 'grimacing'], ['🙄', 'rolling eyes'], ['😭', 'sobbing'], ['😡', 'angry'], ['😱', 'screaming'], ['🤯', 'mind blown'],
  ['🥳', 'party'], ['🤝', 'handshake'], ['👏', 'clapping'], ['🙌', 'raised hands'], ['👋', 'waving'], ['👌', 'OK'],
  ['✌️', 'victory'], ['🤞', 'crossed fingers'], ['💪', 'strong'], ['👀', 'eyes'], ['🔥', 'fire'], ['✨', 'sparkles'],
  ['🎉', 'celebration'], ['💯', 'hundred'], ['✅', 'done'], ['❌', 'cross'], ['❓', 'question'], ['❗', 'exclamation'],
  ['⭐', 'star'], ['☀️', 'sun'], ['🌧️', 'rain'], ['☕', 'coffee'], ['🍕', 'pizza'], ['🍰', 'cake'],
  ['🍺', 'beer'], ['🌱', 'seedling'], ['🌹', 'rose'], ['🐱', 'cat'], ['🐶', 'dog'], ['🚲', 'bicycle'],
]

interface Props {
  anchor: DOMRect
  label: string
  onPick: (emoji: string) => void
  onClose: () => void
}

export function EmojiPicker({ anchor, label, onPick, onClose }: Props) {
  return (
    <Popover anchor={anchor} label={label} role="dialog" onClose={onClose}>
      <div class="emojis">
        {EMOJIS.map(([emoji, name]) => (
          <button
            type="button"
            class="emoji"
            aria-label={name}
            title={name}
            onClick={() => {
              onPick(emoji)
              onClose()
            }}
          >
            {emoji}
          </button>
        ))}
      </div>
    </Popover>
  )
}
