import { pieces } from '../model/text'

/** A message's text with its links and mentions. It is made of text nodes: nothing in it is ever HTML. */
export function Text({ text, mentions, me }: { text: string; mentions: string[]; me: string }) {
  return (
    <>
      {pieces(text, mentions).map((piece) => {
        switch (piece.type) {
          case 'link':
            return (
              <a href={piece.href} target="_blank" rel="noopener noreferrer nofollow ugc">
                {piece.text}
              </a>
            )
          case 'mention':
            return <span class={piece.user === me ? 'mention mention-me' : 'mention'}>{piece.text}</span>
          case 'code':
            return <code>{piece.text}</code>
          case 'text':
            return piece.text
        }
      })}
    </>
  )
}
