export type Theme = 'system' | 'light' | 'dark'

const KEY = 'parley:theme'

export function theme(): Theme {
  const stored = localStorage.getItem(KEY)
  return stored === 'light' || stored === 'dark' ? stored : 'system'
}

export function setTheme(next: Theme): void {
  localStorage.setItem(KEY, next)
  applyTheme()
}

export function applyTheme(): void {
  const root = document.documentElement
  if (theme() === 'system') {
    delete root.dataset['theme']
  } else {
    root.dataset['theme'] = theme()
  }
}
