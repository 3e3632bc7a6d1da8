import { useState } from 'preact/hooks'
import { developmentToken } from '../session/configuration'
import { isUser, userOf } from '../session/credentials'
import { Mark } from './Icon'

interface Props {
  /** A name is enough here. */
  byName: boolean
  /** Why the user has to sign in again. */
  why: string
  onToken: (token: string, remember: boolean) => void
}

export function SignIn({ byName, why, onToken }: Props) {
  const [withToken, setWithToken] = useState(!byName)
  const [name, setName] = useState('')
  const [token, setToken] = useState('')
  const [remember, setRemember] = useState(true)
  const [problem, setProblem] = useState('')
  const [busy, setBusy] = useState(false)

  const submit = async (event: Event) => {
    event.preventDefault()
    setProblem('')
    if (withToken) {
      if (userOf(token) === null) {
        setProblem('This is not a token. A token has three parts with dots between them.')
      } else {
        onToken(token.trim(), remember)
      }
      return
    }
    const user = name.trim().toLowerCase()
    if (!isUser(user)) {
      setProblem('A name has 1 to 64 of the characters a–z, 0–9, dot, dash and underscore.')
      return
    }
    setBusy(true)
    try {
      onToken(await developmentToken(user), remember)
    } catch (error) {
      setProblem(`You could not sign in: ${error instanceof Error ? error.message : String(error)}.`)
      setBusy(false)
    }
  }

  return (
    <main class="sign-in">
      <form class="sign-in-card" onSubmit={submit}>
        <Mark size={64} />
        <h1>Parley</h1>
        <p class="sign-in-lead">{withToken ? 'Sign in with the token that your operator gave you.' : 'Choose a name and start talking.'}</p>
        {(problem || why) && (
          <p class="sign-in-problem" role="alert" id="sign-in-problem">
            {problem || why}
          </p>
        )}
        {withToken ? (
          <label class="field">
            <span>Token</span>
            <textarea
              rows={4}
              value={token}
              spellcheck={false}
              autocomplete="off"
              aria-describedby={problem ? 'sign-in-problem' : undefined}
              onInput={(event) => setToken(event.currentTarget.value)}
            />
          </label>
        ) : (
          <label class="field">
            <span>Name</span>
            <input
              value={name}
              autocomplete="username"
              autocapitalize="none"
              spellcheck={false}
              maxLength={64}
              placeholder="alice"
              aria-describedby={problem ? 'sign-in-problem' : undefined}
              onInput={(event) => setName(event.currentTarget.value)}
            />
          </label>
        )}
        <label class="check">
          <input type="checkbox" checked={remember} onChange={(event) => setRemember(event.currentTarget.checked)} />
          <span>Stay signed in on this computer</span>
        </label>
        <button type="submit" class="button button-primary button-wide" disabled={busy || (withToken ? !token.trim() : !name.trim())}>
          {busy ? 'Signing in…' : 'Sign in'}
        </button>
        {byName && (
          <button type="button" class="link" onClick={() => setWithToken(!withToken)}>
            {withToken ? 'Use a name instead' : 'Use a token instead'}
          </button>
        )}
      </form>
    </main>
  )
}
