const PATHS = {
  attach: 'M20 11.5l-8.2 8.2a5 5 0 0 1-7.1-7.1l8.5-8.5a3.3 3.3 0 0 1 4.7 4.7l-8.4 8.4a1.7 1.7 0 0 1-2.4-2.4l7.6-7.6',
  back: 'M15 5l-7 7 7 7',
  bell: 'M6 10a6 6 0 0 1 12 0c0 5 2 6.5 2 6.5H4S6 15 6 10zM10 20a2.2 2.2 0 0 0 4 0',
  bellOff: 'M9 4.7A6 6 0 0 1 18 10c0 2 .3 3.4.7 4.5M16 16.5H4S6 15 6 10c0-.7.1-1.3.3-1.9M10 20a2.2 2.2 0 0 0 4 0M4 4l16 16',
  check: 'M5 12.5l4.5 4.5L19 7.5',
  clock: 'M12 7v5l3 2M12 3.5a8.5 8.5 0 1 0 0 17 8.5 8.5 0 0 0 0-17z',
  close: 'M6 6l12 12M18 6L6 18',
  copy: 'M9 9h10v11H9zM5 15V4h10',
  down: 'M6 9.5l6 6 6-6',
  download: 'M12 4v11M7 10.5l5 5 5-5M5 20h14',
  edit: 'M4 20l1-4.5L16 4.5l3.5 3.5-11 11zM13.5 7l3.5 3.5',
  file: 'M7 3.5h7l4 4v13H7zM14 3.5v4h4',
  group: 'M9 11.5a3.5 3.5 0 1 0 0-7 3.5 3.5 0 0 0 0 7zM2.5 19.5c.5-3.5 3-5.5 6.5-5.5s6 2 6.5 5.5M15.5 5a3.3 3.3 0 0 1 0 6.3M17.5 14.3c2.2.6 3.6 2.3 4 5.2',
  image: 'M4 5h16v14H4zM4 16l4.5-4.5 4 4 3-3L20 16.5M15.5 9v.1',
  info: 'M12 11v5.5M12 7.5v.2M12 3.5a8.5 8.5 0 1 0 0 17 8.5 8.5 0 0 0 0-17z',
  leave: 'M14 4.5H6v15h8M11 12h9.5M17 8.5l3.5 3.5-3.5 3.5',
  menu: 'M4.5 7h15M4.5 12h15M4.5 17h15',
  more: 'M5.5 12h.1M12 12h.1M18.5 12h.1',
  moon: 'M19.5 14.5A8 8 0 0 1 9.5 4.5a8 8 0 1 0 10 10z',
  next: 'M9 5l7 7-7 7',
  person: 'M12 11.5a3.8 3.8 0 1 0 0-7.6 3.8 3.8 0 0 0 0 7.6zM4.5 20c.6-3.9 3.4-6 7.5-6s6.9 2.1 7.5 6',
  plus: 'M12 5v14M5 12h14',
  reply: 'M10 6l-6 5.5 6 5.5v-3.5c4.5 0 7.5 1 10 4.5-.7-5.5-4-8.5-10-8.7z',
  search: 'M10.5 17a6.5 6.5 0 1 0 0-13 6.5 6.5 0 0 0 0 13zM15.5 15.5L20 20',
  send: 'M4 12L3.5 4.5 21 12 3.5 19.5 4 12zM4 12h8',
  signOut: 'M14 4.5H6v15h8M11 12h9.5M17 8.5l3.5 3.5-3.5 3.5',
  smile: 'M12 3.5a8.5 8.5 0 1 0 0 17 8.5 8.5 0 0 0 0-17zM8.5 14.2c1.8 2.4 5.2 2.4 7 0M9 9.7v.1M15 9.7v.1',
  sun: 'M12 8a4 4 0 1 0 0 8 4 4 0 0 0 0-8zM12 2.5v2M12 19.5v2M2.5 12h2M19.5 12h2M5.3 5.3l1.4 1.4M17.3 17.3l1.4 1.4M5.3 18.7l1.4-1.4M17.3 6.7l1.4-1.4',
  trash: 'M4.5 7h15M9.5 7V4.5h5V7M6.5 7l1 13h9l1-13M10.5 10.5v6M13.5 10.5v6',
  warning: 'M12 4L2.8 19.5h18.4zM12 10v4.5M12 17v.1',
  write: 'M12 5H5v14h14v-7M10 14l.7-3L18 3.7 20.3 6 13 13.3z',
} as const

export type IconName = keyof typeof PATHS

/** A drawing that says nothing by itself: what it stands beside has the words. */
export function Icon({ name, size = 22 }: { name: IconName; size?: number }) {
  return (
    <svg class="icon" width={size} height={size} viewBox="0 0 24 24" aria-hidden="true" focusable="false">
      <path d={PATHS[name]} />
    </svg>
  )
}

/** The mark of Parley: two who speak. */
export function Mark({ size = 56 }: { size?: number }) {
  return <img class="mark" src="/icon.svg" width={size} height={size} alt="" />
}
