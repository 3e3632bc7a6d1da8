import { useCallback, useEffect, useMemo, useRef, useState } from 'preact/hooks'
import { type ChatEvent, connect, summaryOf, title, toEntry, Uploads } from 'parley-client'
import { Chat } from '../session/chat'
import type { Configuration } from '../session/configuration'
import type { Credentials } from '../session/credentials'
import { claimDevice } from '../session/device'
import { Media } from '../session/media'
import { notify, Push, showUnread } from '../session/push'
import { ConversationView } from './ConversationView'
import { Mark } from './Icon'
import { NewConversation } from './NewConversation'
import { Sidebar } from './Sidebar'
import { Toasts, type Toast } from './Toasts'
import { useChat } from './useChat'
import { Banner } from './Banner'

interface Props {
  credentials: Credentials
  configuration: Configuration
  onSignOut: (why: string) => void
}

const ENDINGS = {
  refused: 'Your token is not valid any more. Sign in again.',
  replaced: 'Parley was opened in another window with the same session. Sign in again to go on here.',
}

/** Makes the session, then shows it. */
export function Shell(props: Props) {
  const [device, setDevice] = useState<string | null>(null)
  useEffect(() => {
    void claimDevice(props.credentials.user).then(setDevice)
  }, [])
  return device === null ? null : <SignedIn {...props} device={device} />
}

function SignedIn({ credentials, configuration, onSignOut, device }: Props & { device: string }) {
  const [toasts, setToasts] = useState<Toast[]>([])
  const [creating, setCreating] = useState(false)
  const [jump, setJump] = useState<{ seq: number } | null>(null)
  const signOut = useRef(onSignOut)
  signOut.current = onSignOut

  const say = useCallback((text: string) => {
    const toast = { key: Math.random(), text }
    setToasts((before) => [...before.slice(-2), toast])
    setTimeout(() => setToasts((before) => before.filter((one) => one !== toast)), 6000)
  }, [])

  const [chat, transport] = useMemo(() => {
    const way = connect(configuration, { user: credentials.user, device, token: credentials.token })
    const made: Chat = new Chat(credentials.user, device, way, new Uploads('', credentials.token), new Media(credentials.token), {
      problem: say,
      arrived: (conversation, event) => arrived(made, conversation, event),
      ended: (why) => signOut.current(ENDINGS[why]),
    })
    return [made, way] as const
  }, [])
  const push = useMemo(() => new Push(chat, configuration.applicationServerKey), [])

  useEffect(() => {
    chat.start()
    void push.resume()
    const leaving = (event: BeforeUnloadEvent) => chat.isUploading() && event.preventDefault()
    addEventListener('beforeunload', leaving)
    return () => {
      removeEventListener('beforeunload', leaving)
      chat.stop()
    }
  }, [])

  const state = useChat(chat)
  const open = state.open === null ? undefined : state.conversations[state.open]

  // The address names the conversation, so that the way back works as everywhere.
  useEffect(() => {
    const follow = () => {
      const id = decodeURIComponent(location.hash.slice(1))
      setJump(null)
      chat.open(/^[a-z0-9_.~-]{1,140}$/.test(id) ? id : null)
    }
    follow()
    addEventListener('hashchange', follow)
    return () => removeEventListener('hashchange', follow)
  }, [])

  const unread = Object.values(state.conversations).reduce((sum, one) => sum + (one.left ? 0 : one.unread), 0)
  useEffect(() => showUnread(unread), [unread])

  const show = (id: string, seq?: number) => {
    if (location.hash === `#${id}`) {
      setJump(seq === undefined ? null : { seq })
    } else {
      location.hash = id
      // The change of the address forgets where to; this comes after it.
      setTimeout(() => setJump(seq === undefined ? null : { seq }), 50)
    }
  }

  return (
    <div class={open ? 'shell shell-open' : 'shell'}>
      <Sidebar
        chat={chat}
        state={state}
        push={push}
        onOpen={show}
        onCreate={() => setCreating(true)}
        onSignOut={() => {
          void push.stop()
          onSignOut('')
        }}
      />
      <main class="main">
        <Banner link={state.link} polls={transport.polls} waiting={Object.values(state.conversations).some((one) => one.outgoing.some((message) => !message.refused))} />
        {open ? (
          <ConversationView key={open.id} chat={chat} state={state} conversation={open} jump={jump} onJump={(seq) => setJump({ seq })} onBack={() => (location.hash = '')} onOpen={show} />
        ) : (
          <div class="nothing">
            <Mark size={72} />
            <h2>{state.listed && Object.keys(state.conversations).length === 0 ? 'Welcome to Parley' : 'Pick a conversation'}</h2>
            <p>{state.listed && Object.keys(state.conversations).length === 0 ? 'Nobody has written yet. Start a conversation, or found a group.' : 'Or start a new one.'}</p>
            <button type="button" class="button button-primary" onClick={() => setCreating(true)}>
              New conversation
            </button>
          </div>
        )}
      </main>
      {creating && <NewConversation chat={chat} me={state.me} onOpen={show} onClose={() => setCreating(false)} />}
      <Toasts toasts={toasts} />
    </div>
  )
}

function arrived(chat: Chat, id: string, event: ChatEvent): void {
  const conversation = chat.state.conversations[id]
  const mentioned = event.mentions?.includes(chat.state.me) === true
  if (!conversation || (conversation.mutedUntil > Date.now() && !mentioned) || (document.hasFocus() && chat.state.open === id)) {
    return
  }
  const said = summaryOf(toEntry(event, 0), chat.state.me)
  notify(title(conversation, chat.state.me), conversation.group ? `${event.from}: ${said}` : said, id)
}
