import { appendFileSync, mkdirSync, renameSync, rmSync } from 'node:fs';
import { dirname } from 'node:path';
import { type LogPlace, ServiceLogLine, type ServiceLog as LogExcerpt } from '@pizzapi/protocol';
import { Compile } from 'typebox/compile';
import { readTextFile } from '../../../files/private-file.js';
import { sizeOf } from '../../../files/file-size.js';

const MAX_FILE_BYTES = 2 * 1024 * 1024;
/** Of one answer to the relay. */
const MAX_EXCERPT_BYTES = 512 * 1024;
const FLUSH_MS = 200;
const validator = Compile(ServiceLogLine);

/** One service's log: JSON lines in a file, and one older file beside it. */
export class ServiceLog {
  private waiting: string[] = [];
  private timer: NodeJS.Timeout | undefined;
  private lost = 0;

  constructor(private readonly path: string) {}

  write(stream: ServiceLogLine['stream'], text: string): void {
    this.waiting.push(lineOf(stream, text));
    this.timer ??= setTimeout(() => this.flush(), FLUSH_MS);
  }

  /** Puts on disk what was written so far. Where that fails, as on a full disk, it is lost and the next that succeeds says so. */
  flush(): void {
    clearTimeout(this.timer);
    this.timer = undefined;
    if (this.waiting.length === 0) return;
    const lines = this.waiting;
    this.waiting = [];
    const loss = this.lost > 0 ? [lineOf('runner', `lost ${this.lost} lines that could not be written`)] : [];
    try {
      this.append(`${[...loss, ...lines].join('\n')}\n`);
      this.lost = 0;
    } catch {
      this.lost += lines.length;
    }
  }

  /** The last lines, or the last ones before a place; oldest first. Of a place in a file that has been dropped, none are left. */
  read(limit: number, before?: LogPlace): LogExcerpt {
    this.flush();
    const older = linesOf(`${this.path}.1`);
    const newer = linesOf(this.path);
    const all = [...older, ...newer];
    const lines: ServiceLogLine[] = [];
    let at = before === undefined ? all.length : indexOf(before, older, newer);
    for (let bytes = 0; lines.length < limit && at > 0; at -= 1) {
      const text = all[at - 1] ?? '';
      bytes += Buffer.byteLength(text);
      if (bytes > MAX_EXCERPT_BYTES) break;
      lines.push(...parsedLine(text));
    }
    lines.reverse();
    return at > 0 ? { lines, isTruncated: true, start: placeOf(at, older, newer) } : { lines, isTruncated: false };
  }

  remove(): void {
    clearTimeout(this.timer);
    this.timer = undefined;
    this.waiting = [];
    for (const path of [this.path, `${this.path}.1`]) rmSync(path, { force: true });
  }

  private append(text: string): void {
    const size = sizeOf(this.path);
    if (size > 0 && size + Buffer.byteLength(text) > MAX_FILE_BYTES) renameSync(this.path, `${this.path}.1`);
    mkdirSync(dirname(this.path), { recursive: true, mode: 0o700 });
    appendFileSync(this.path, text, { mode: 0o600 });
  }
}

function lineOf(stream: ServiceLogLine['stream'], text: string): string {
  const line: ServiceLogLine = { ts: new Date().toISOString(), stream, text };
  return JSON.stringify(line);
}

function linesOf(path: string): string[] {
  return (readTextFile(path) ?? '').split('\n').filter((line) => line !== '');
}

/** Lines are only added at the end of a file, so that their numbers in it stay. */
function placeOf(index: number, older: readonly string[], newer: readonly string[]): LogPlace {
  return index < older.length
    ? { file: nameOf(older), line: index }
    : { file: nameOf(newer), line: index - older.length };
}

function indexOf({ file, line }: LogPlace, older: readonly string[], newer: readonly string[]): number {
  if (file === nameOf(newer)) return older.length + Math.min(line, newer.length);
  return file === nameOf(older) ? Math.min(line, older.length) : 0;
}

/** The time of its first line: the file's own name changes when the next one is begun. */
function nameOf(lines: readonly string[]): string {
  for (const line of lines) for (const { ts } of parsedLine(line)) return ts;
  return '';
}

/** A line that a kill has torn is left out. */
function parsedLine(text: string): ServiceLogLine[] {
  try {
    const line: unknown = JSON.parse(text);
    return validator.Check(line) ? [line] : [];
  } catch {
    return [];
  }
}
