const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

const long = new Intl.RelativeTimeFormat('en', { numeric: 'auto' });
const weekday = new Intl.DateTimeFormat('en', { weekday: 'short' });
const dayAndMonth = new Intl.DateTimeFormat('en', { day: 'numeric', month: 'short' });
const withYear = new Intl.DateTimeFormat('en', { day: 'numeric', month: 'short', year: 'numeric' });
const timeOfDay = new Intl.DateTimeFormat('en', { hour: '2-digit', minute: '2-digit', hourCycle: 'h23' });
const exact = new Intl.DateTimeFormat('en', { dateStyle: 'full', timeStyle: 'medium' });

/** “now”, “12 m”, “3 h”, then the weekday, then the date; in the long form “12 minutes ago”. Works for the future too. */
export function relativeTime(iso: string, now: number, form: 'short' | 'long'): string {
  const time = Date.parse(iso);
  if (Number.isNaN(time)) return '';
  return form === 'long' ? longText(time - now) : shortText(time, now);
}

/** The exact time in the reader's time zone. */
export function exactTime(iso: string): string {
  const time = Date.parse(iso);
  return Number.isNaN(time) ? '' : exact.format(time);
}

/** “14:05” of today, else with the day. */
export function clockTime(iso: string): string {
  const time = new Date(iso);
  const text = timeOfDay.format(time);
  return time.toDateString() === new Date().toDateString() ? text : `${dayAndMonth.format(time)}, ${text}`;
}

/** “12 ms”, “0.4 s”, “48 s”, “6 m 04 s”, “2 h 10 m”: of something that runs or ran. */
export function durationText(ms: number): string {
  const seconds = Math.floor(ms / 1000);
  if (ms < 50) return `${Math.round(ms)} ms`;
  if (ms < 10_000) return `${(ms / 1000).toFixed(1)} s`;
  if (seconds < 60) return `${seconds} s`;
  if (seconds < 3600) return `${Math.floor(seconds / 60)} m ${String(seconds % 60).padStart(2, '0')} s`;
  return `${Math.floor(seconds / 3600)} h ${String(Math.floor((seconds % 3600) / 60)).padStart(2, '0')} m`;
}

function shortText(time: number, now: number): string {
  const age = Math.abs(now - time);
  if (age < MINUTE) return 'now';
  if (age < HOUR) return `${Math.floor(age / MINUTE)} m`;
  if (age < DAY) return `${Math.floor(age / HOUR)} h`;
  if (age < 6 * DAY) return weekday.format(time);
  return age < 300 * DAY ? dayAndMonth.format(time) : withYear.format(time);
}

function longText(delta: number): string {
  const age = Math.abs(delta);
  // Something that was set to end in seven days still ends “in 7 days” a minute later.
  const whole = delta > 0 ? Math.round : Math.trunc;
  if (age < MINUTE) return 'just now';
  if (age < HOUR) return long.format(whole(delta / MINUTE), 'minute');
  if (age < DAY) return long.format(whole(delta / HOUR), 'hour');
  if (age < 60 * DAY) return long.format(whole(delta / DAY), 'day');
  return long.format(whole(delta / (30 * DAY)), 'month');
}
