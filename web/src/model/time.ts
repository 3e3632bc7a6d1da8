import { day } from 'parley-client'

const clock = new Intl.DateTimeFormat(undefined, { hour: '2-digit', minute: '2-digit' })
const weekday = new Intl.DateTimeFormat(undefined, { weekday: 'long' })
const shortWeekday = new Intl.DateTimeFormat(undefined, { weekday: 'short' })
const date = new Intl.DateTimeFormat(undefined, { day: 'numeric', month: 'long' })
const shortDate = new Intl.DateTimeFormat(undefined, { day: 'numeric', month: 'short' })
const dateOfYear = new Intl.DateTimeFormat(undefined, { day: 'numeric', month: 'long', year: 'numeric' })
const full = new Intl.DateTimeFormat(undefined, { dateStyle: 'full', timeStyle: 'short' })

const DAY_MILLIS = 86_400_000

export function timeOfDay(at: number): string {
  return clock.format(at)
}

export function fullTime(at: number): string {
  return full.format(at)
}

/** The day of a separator: today, yesterday, a weekday of the last week, a date. */
export function dayName(at: number, now: number): string {
  if (day(at) === day(now)) {
    return 'Today'
  }
  if (day(at) === day(now - DAY_MILLIS)) {
    return 'Yesterday'
  }
  if (now - at < 6 * DAY_MILLIS && at < now) {
    return weekday.format(at)
  }
  return new Date(at).getFullYear() === new Date(now).getFullYear() ? date.format(at) : dateOfYear.format(at)
}

/** As short as in the list: a time today, else a day. */
export function shortTime(at: number, now: number): string {
  if (day(at) === day(now)) {
    return timeOfDay(at)
  }
  if (day(at) === day(now - DAY_MILLIS)) {
    return 'Yesterday'
  }
  return now - at < 6 * DAY_MILLIS && at < now ? shortWeekday.format(at) : shortDate.format(at)
}

/** `last seen 5 minutes ago`. */
export function lastSeen(at: number, now: number): string {
  const minutes = Math.floor((now - at) / 60_000)
  if (minutes < 1) {
    return 'last seen just now'
  }
  if (minutes < 60) {
    return `last seen ${minutes} ${minutes === 1 ? 'minute' : 'minutes'} ago`
  }
  return day(at) === day(now) ? `last seen today at ${timeOfDay(at)}` : `last seen ${dayName(at, now)} at ${timeOfDay(at)}`.replace('Yesterday', 'yesterday')
}
