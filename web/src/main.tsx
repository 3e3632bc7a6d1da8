import { render } from 'preact'
import { App } from './ui/App'
import './ui/style/base.css'
import './ui/style/sign-in.css'
import './ui/style/sidebar.css'
import './ui/style/conversation.css'
import './ui/style/message.css'
import './ui/style/composer.css'
import './ui/style/panels.css'
import './ui/style/media.css'

const page = document.getElementById('page')
if (page) {
  render(<App />, page)
}
