import { useEffect, useState } from 'preact/hooks'
import { configuration, type Configuration } from '../session/configuration'
import { forgetCredentials, storeCredentials, storedCredentials, userOf, type Credentials } from '../session/credentials'
import { Mark } from './Icon'
import { Shell } from './Shell'
import { SignIn } from './SignIn'
import { applyTheme } from './theme'

applyTheme()

/** The page: signed in, or not. */
export function App() {
  const [told, setTold] = useState<Configuration | null>(null)
  const [unreachable, setUnreachable] = useState(false)
  const [credentials, setCredentials] = useState<Credentials | null>(storedCredentials)
  const [why, setWhy] = useState('')

  useEffect(() => {
    let timer: ReturnType<typeof setTimeout> | undefined
    const ask = () => {
      configuration().then(setTold, () => {
        setUnreachable(true)
        timer = setTimeout(ask, 3000)
      })
    }
    ask()
    return () => clearTimeout(timer)
  }, [])

  if (!told) {
    return (
      <main class="splash">
        <Mark size={72} />
        <p role="status">{unreachable ? 'The server cannot be reached. Trying again…' : ''}</p>
      </main>
    )
  }
  if (!credentials) {
    return (
      <SignIn
        byName={told.developmentTokens}
        why={why}
        onToken={(token, remember) => {
          const user = userOf(token)
          if (user) {
            storeCredentials(token, remember)
            setWhy('')
            setCredentials({ user, token })
          }
        }}
      />
    )
  }
  return (
    <Shell
      key={credentials.token}
      credentials={credentials}
      configuration={told}
      onSignOut={(reason) => {
        forgetCredentials()
        location.hash = ''
        setWhy(reason)
        setCredentials(null)
      }}
    />
  )
}
