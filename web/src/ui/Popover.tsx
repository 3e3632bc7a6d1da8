import type { ComponentChildren } from 'preact'
import { useEffect, useLayoutEffect, useRef } from 'preact/hooks'

interface Props {
  /** What it belongs to; it stands beside it. */
  anchor: DOMRect
  label: string
  role: 'menu' | 'dialog'
  onClose: () => void
  children: ComponentChildren
}

const MARGIN = 8

/** Something small that stands over the page beside what opened it, until Escape, or a click elsewhere. The focus goes into it and back. */
export function Popover({ anchor, label, role, onClose, children }: Props) {
  const box = useRef<HTMLDivElement>(null)

  useLayoutEffect(() => {
    const element = box.current
    if (!element) {
      return
    }
    const { offsetWidth: width, offsetHeight: height } = element
    const left = Math.min(Math.max(MARGIN, anchor.right - width), innerWidth - width - MARGIN)
    const below = anchor.bottom + 4
    const top = below + height + MARGIN <= innerHeight ? below : Math.max(MARGIN, anchor.top - height - 4)
    element.style.left = `${Math.max(MARGIN, left)}px`
    element.style.top = `${top}px`
  })

  useEffect(() => {
    const before = document.activeElement as HTMLElement | null
    focusable(box.current)[0]?.focus()
    const outside = (event: Event) => {
      if (!box.current?.contains(event.target as Node)) {
        onClose()
      }
    }
    const timer = setTimeout(() => document.addEventListener('pointerdown', outside))
    return () => {
      clearTimeout(timer)
      document.removeEventListener('pointerdown', outside)
      if (box.current?.contains(document.activeElement) || document.activeElement === document.body) {
        before?.focus()
      }
    }
  }, [])

  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key === 'Escape' || event.key === 'Tab') {
      event.preventDefault()
      event.stopPropagation()
      onClose()
      return
    }
    const step = { ArrowDown: 1, ArrowRight: 1, ArrowUp: -1, ArrowLeft: -1 }[event.key]
    if (step) {
      event.preventDefault()
      event.stopPropagation()
      const all = focusable(box.current)
      const at = all.indexOf(document.activeElement as HTMLElement)
      all[(at + step + all.length) % all.length]?.focus()
    }
  }

  return (
    <div ref={box} class={`popover popover-${role}`} role={role} aria-label={label} onKeyDown={onKeyDown}>
      {children}
    </div>
  )
}

function focusable(box: HTMLElement | null): HTMLElement[] {
  return box ? [...box.querySelectorAll<HTMLElement>('button:not(:disabled)')] : []
}
