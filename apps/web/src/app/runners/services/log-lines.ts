import type { ServiceLogLine } from '@pizzapi/protocol';

const timeOfDay = new Intl.DateTimeFormat('en', { timeStyle: 'medium', hourCycle: 'h23' });

/** A line with a key of its own, so that the page keeps its element when the log moves on. */
export interface LogLine extends ServiceLogLine {
  readonly key: string;
}

/** Lines with the same time are told apart by their order. */
export function keyed(lines: readonly ServiceLogLine[]): LogLine[] {
  let before: string | undefined;
  let nth = 0;
  return lines.map((line) => {
    nth = line.ts === before ? nth + 1 : 0;
    before = line.ts;
    return { ...line, key: `${line.ts} ${nth}` };
  });
}

/**
 * Known lines, continued by the latest ones, with which they overlap; at most so many, without the earliest.
 * @returns null if they do not overlap: then lines in between are missing, or the log was begun anew
 */
export function continued(
  known: readonly ServiceLogLine[],
  latest: readonly ServiceLogLine[],
  most: number,
): readonly ServiceLogLine[] | null {
  for (let at = Math.max(0, known.length - latest.length); at < known.length; at += 1)
    if (known.slice(at).every((line, index) => isSame(line, latest[index])))
      return [...known.slice(0, at), ...latest].slice(-most);
  return null;
}

function isSame(line: ServiceLogLine, other: ServiceLogLine | undefined): boolean {
  return line.ts === other?.ts && line.stream === other.stream && line.text === other.text;
}

/** The lines that contain the words, ignoring case. */
export function matching(lines: readonly LogLine[], words: string): readonly LogLine[] {
  const wanted = words.trim().toLowerCase();
  return wanted === '' ? lines : lines.filter(({ text }) => text.toLowerCase().includes(wanted));
}

/** The text as it is copied. */
export function logText(lines: readonly LogLine[]): string {
  return lines.map(({ ts, stream, text }) => `${ts} ${stream}: ${text}`).join('\n');
}

/** “14:05:12”; the day is on hover. */
export function lineTime(iso: string): string {
  const time = Date.parse(iso);
  return Number.isNaN(time) ? '' : timeOfDay.format(time);
}
