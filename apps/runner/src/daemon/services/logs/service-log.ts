import { appendFileSync, mkdirSync, renameSync, rmSync } from 'node:fs';
import { dirname } from 'node:path';
import { ServiceLogLine, type ServiceLog as LogExcerpt } from '@pizzapi/protocol';
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

  /** The last lines, oldest first. */
  read(limit: number): LogExcerpt {
    this.flush();
    const all = [...linesOf(`${this.path}.1`), ...linesOf(this.path)];
    const lines: ServiceLogLine[] = [];
    let bytes = 0;
    while (lines.length < limit && all.length > 0) {
      const text = all.pop() ?? '';
      bytes += Buffer.byteLength(text);
      if (bytes > MAX_EXCERPT_BYTES) return { lines: lines.reverse(), isTruncated: true };
      lines.push(...parsedLine(text));
    }
    return { lines: lines.reverse(), isTruncated: all.length > 0 };
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

/** A line that a kill has torn is left out. */
function parsedLine(text: string): ServiceLogLine[] {
  try {
    const line: unknown = JSON.parse(text);
    return validator.Check(line) ? [line] : [];
  } catch {
    return [];
  }
}
