export interface Toast {
  key: number
  text: string
}

export function Toasts({ toasts }: { toasts: Toast[] }) {
  return (
    <div class="toasts" role="status" aria-live="polite">
      {toasts.map(({ key, text }) => (
        <div class="toast" key={key}>
          {text}
        </div>
      ))}
    </div>
  )
}
