import { useEffect, useState } from 'preact/hooks'
import type { State } from 'parley-client'
import type { Chat } from '../session/chat'

/** The state of `chat`, as it changes. */
export function useChat(chat: Chat): State {
  const [state, setState] = useState(chat.state)
  useEffect(() => {
    setState(chat.state)
    return chat.watch(() => setState(chat.state))
  }, [chat])
  return state
}
