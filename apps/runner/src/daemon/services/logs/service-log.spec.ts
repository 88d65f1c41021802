import { mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PassThrough, Readable } from 'node:stream';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { LineSplitter } from './line-splitter.js';
import { logOutput } from './log-output.js';
import { OutputBudget } from './output-budget.js';
import { ServiceLog } from './service-log.js';

let folder: string;
let log: ServiceLog;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'pizzapi-log-'));
  log = new ServiceLog(join(folder, 'logs', 'a.log'));
});
afterEach(() => rmSync(folder, { recursive: true }));

const texts = (limit = 5_000): string[] => log.read(limit).lines.map(({ text }) => text);

describe('ServiceLog', () => {
  it('gives the last lines, oldest first, and says whether there are more', () => {
    for (const text of ['one', 'two', 'three']) log.write('stdout', text);
    expect(texts()).toEqual(['one', 'two', 'three']);
    expect(log.read(3).isTruncated).toBe(false);
    expect([texts(2), log.read(2).isTruncated]).toEqual([['two', 'three'], true]);
  });

  it('keeps two files of bounded size, and an answer of bounded size', () => {
    const line = 'x'.repeat(8_000);
    for (let count = 0; count < 1_000; count += 1) {
      log.write('stdout', `${count} ${line}`);
      if (count % 20 === 0) log.flush();
    }
    const { lines, isTruncated } = log.read(5_000);
    const sizes = ['a.log', 'a.log.1'].map((name) => statSync(join(folder, 'logs', name)).size);
    expect(Math.max(...sizes)).toBeLessThanOrEqual(2 * 1024 * 1024);
    expect(Math.min(...sizes)).toBeGreaterThan(0);
    expect(isTruncated).toBe(true);
    expect(lines.at(-1)?.text).toMatch(/^999 /);
    expect(JSON.stringify(lines).length).toBeLessThan(600 * 1024);
  });

  /** All lines, read from the end on in excerpts of so many. */
  const paged = (limit: number, between: () => void = () => undefined): string[] => {
    let excerpt = log.read(limit);
    const found = excerpt.lines.map(({ text }) => text);
    while (excerpt.start) {
      between();
      excerpt = log.read(limit, excerpt.start);
      found.unshift(...excerpt.lines.map(({ text }) => text));
    }
    return found;
  };

  it('gives each line once in excerpts that go back in time, whatever is written meanwhile', () => {
    const names = Array.from({ length: 25 }, (_, at) => `line ${at}`);
    for (const name of names) log.write('stdout', name);
    expect(paged(10)).toEqual(names);
    expect(paged(4, () => log.write('stdout', 'a new one'))).toEqual(names);
  });

  it('goes on in the same file when a new one was begun, and ends with the one that was dropped', () => {
    const fill = (text: string, files: number): void => {
      for (let count = 0; count < files * 256; count += 1) {
        log.write('stdout', `${text} ${'x'.repeat(8_000)}`);
        if (count % 20 === 0) log.flush();
      }
    };
    log.write('stdout', 'first');
    fill('old', 1);
    const { start } = log.read(10);
    fill('new', 1);
    expect(statSync(join(folder, 'logs', 'a.log.1')).size).toBeGreaterThan(0);
    const earlier = log.read(10, start).lines.map(({ text }) => text.slice(0, 3));
    expect(earlier).toEqual(Array.from({ length: 10 }, () => 'old'));
    fill('newer', 2);
    expect(log.read(10, start)).toEqual({ lines: [], isTruncated: false });
  });

  it('passes over a torn line', () => {
    log.write('runner', 'started');
    log.flush();
    writeFileSync(join(folder, 'logs', 'a.log'), '{"ts":', { flag: 'a' });
    expect(texts()).toEqual(['started']);
  });

  it('says how many lines could not be written', () => {
    writeFileSync(join(folder, 'logs'), 'a file in the way');
    log.write('stdout', 'one');
    log.write('stdout', 'two');
    log.flush();
    rmSync(join(folder, 'logs'));
    log.write('stdout', 'three');
    expect(texts()).toEqual(['lost 2 lines that could not be written', 'three']);
  });
});

describe('OutputBudget', () => {
  it('lets a burst through, then a steady rate, and counts the rest', () => {
    let now = 0;
    const budget = new OutputBudget(() => now);
    expect(budget.take(512 * 1024)).toBe(true);
    expect(budget.take(1)).toBe(false);
    now += 500;
    expect(budget.take(1)).toBe(false); // not before there is room for more than scraps
    now += 500;
    expect(budget.take(1)).toBe(true);
    expect([budget.takeOmitted(), budget.takeOmitted()]).toEqual([2, 0]);
  });
});

describe('LineSplitter', () => {
  it('joins lines over pieces, also in the middle of a character', () => {
    const lines = new LineSplitter();
    const bytes = Buffer.from('eins\nzwölf\r\ndrei');
    const cut = bytes.indexOf('ö') + 1;
    expect([lines.push(bytes.subarray(0, cut)), lines.push(bytes.subarray(cut)), lines.end(), lines.end()]).toEqual([
      ['eins'],
      ['zwölf'],
      ['drei'],
      [],
    ]);
  });

  it('cuts what is too long, and goes on with the next line', () => {
    const lines = new LineSplitter();
    const [first, second] = [...lines.push(Buffer.alloc(1_000_000, 'x')), ...lines.push(Buffer.from('x\nnext\n'))];
    expect(first).toBe(`${'x'.repeat(8_192)}… (cut)`);
    expect(second).toBe('next');
  });
});

describe('logOutput', () => {
  it('says what is missing when it falls silent, though nothing follows', async () => {
    const output = new PassThrough({ highWaterMark: 1024 * 1024 });
    logOutput(output, 'stdout', log);
    output.write(Buffer.alloc(600 * 1024, 'x'));
    await expect
      .poll(() => texts())
      .toEqual([`left out ${600 * 1024} bytes of its output: it writes more than its log takes`]);
    output.destroy();
  });

  it('reads all of a gigabyte, writes little of it, and says how much is missing', async () => {
    const piece = Buffer.alloc(64 * 1024, 'x');
    const total = 1024 * 1024 * 1024;
    const pieces = function* () {
      for (let sent = 0; sent < total; sent += piece.length) yield piece;
    };
    const output = Readable.from(pieces(), { objectMode: false });
    logOutput(output, 'stdout', log, new OutputBudget());
    await new Promise((resolve) => output.once('close', resolve));
    const omitted = texts().flatMap((text) => /left out (\d+) bytes/.exec(text)?.[1] ?? []);
    const said = omitted.reduce((sum, bytes) => sum + Number(bytes), 0);
    expect(said).toBeGreaterThan(total * 0.98);
    expect(statSync(join(folder, 'logs', 'a.log')).size).toBeLessThan(2 * 1024 * 1024);
  }, 60_000);
});
