import { describe, expect, it } from 'vitest';
import { durationText, relativeTime } from './time-text';

const now = Date.parse('2026-11-21T12:00:00.000Z');

describe('relativeTime', () => {
  it.each([
    ['2026-11-21T11:59:30.000Z', 'now', 'just now'],
    ['2026-11-21T11:48:00.000Z', '12 m', '12 minutes ago'],
    ['2026-11-21T09:00:00.000Z', '3 h', '3 hours ago'],
    ['2026-11-17T12:00:00.000Z', 'Tue', '4 days ago'],
    ['2026-11-01T12:00:00.000Z', 'Nov 1', '20 days ago'],
    ['2026-11-26T12:00:00.000Z', 'Thu', 'in 5 days'],
    ['2026-11-28T11:58:30.000Z', 'Nov 28', 'in 7 days'],
    ['2027-02-19T11:50:00.000Z', 'Feb 19', 'in 3 months'],
  ])('%s', (iso, short, long) => {
    expect(relativeTime(iso, now, 'short')).toBe(short);
    expect(relativeTime(iso, now, 'long')).toBe(long);
  });
});

describe('durationText', () => {
  it.each([
    [12, '12 ms'],
    [640, '0.6 s'],
    [48_000, '48 s'],
    [364_000, '6 m 04 s'],
    [7_800_000, '2 h 10 m'],
  ])('%d ms', (ms, text) => expect(durationText(ms)).toBe(text));
});
