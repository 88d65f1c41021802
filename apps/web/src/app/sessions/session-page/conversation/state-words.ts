import type { Activity, SessionStatus } from '@pizzapi/protocol';

/** What the agent is doing, in one word and one tone. The connection of runner and relay is never part of it. */
export interface StateWords {
  readonly word: string;
  readonly tone: 'work' | 'wait' | 'bad' | 'quiet';
  readonly isTicking: boolean;
}

export function stateWords(status: SessionStatus, activity: Activity | null): StateWords {
  switch (status) {
    case 'pending':
      return { word: 'starting', tone: 'work', isTicking: false };
    case 'ended':
      return { word: 'ended', tone: 'quiet', isTicking: false };
    case 'failed':
      return { word: 'failed', tone: 'bad', isTicking: false };
    case 'cancelled':
      return { word: 'cancelled', tone: 'quiet', isTicking: false };
    case 'active':
      return activityWords(activity);
  }
}

function activityWords(activity: Activity | null): StateWords {
  switch (activity) {
    case 'working':
      return { word: 'working', tone: 'work', isTicking: true };
    case 'waiting':
      return { word: 'waiting for you', tone: 'wait', isTicking: true };
    case 'paused':
      return { word: 'paused', tone: 'quiet', isTicking: false };
    default:
      return { word: 'idle', tone: 'quiet', isTicking: false };
  }
}

/** `0:48`, `12:05`, `1:02:03`. */
export function clock(ms: number): string {
  const seconds = Math.max(0, Math.floor(ms / 1000));
  const [h, m, s] = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60, seconds % 60];
  const two = (n: number): string => String(n).padStart(2, '0');
  return h > 0 ? `${h}:${two(m)}:${two(s)}` : `${m}:${two(s)}`;
}

/** How long something took: `80 ms`, `6.4 s`, `2 m 5 s`. */
export function took(ms: number): string {
  if (ms < 100) return `${Math.round(ms)} ms`;
  if (ms < 60_000) return ms < 9_950 ? `${(ms / 1000).toFixed(1)} s` : `${Math.round(ms / 1000)} s`;
  const minutes = Math.floor(ms / 60_000);
  const seconds = Math.round((ms % 60_000) / 1000);
  return seconds === 0 ? `${minutes} m` : `${minutes} m ${seconds} s`;
}

/** `950`, `4.1k`, `82k`, `1.2M`. */
export function compactNumber(n: number): string {
  if (n < 1000) return String(Math.round(n));
  const [value, unit] = n < 999_500 ? [n / 1000, 'k'] : [n / 1_000_000, 'M'];
  return `${value < 9.95 ? value.toFixed(1).replace(/\.0$/, '') : Math.round(value)}${unit}`;
}

/** `$0.63`; fractions of a cent are shown as less than one. */
export function dollars(usd: number): string {
  if (usd > 0 && usd < 0.01) return '<$0.01';
  return `$${usd.toFixed(2)}`;
}
