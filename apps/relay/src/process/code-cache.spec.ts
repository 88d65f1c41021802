import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { loadWithCodeCache } from './code-cache.js';

describe('the code cache', () => {
  let folder: string;
  let file: string;
  let cache: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'pizzapi-code-'));
    file = join(folder, 'file.cjs');
    cache = join(folder, 'file.code');
    writeFileSync(file, 'exports.answer = () => 41 + 1; exports.name = __filename;');
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  const answerOf = (exports: unknown): unknown => (exports as { answer: () => unknown }).answer();
  const load = (): unknown => {
    const { exports, keepCode } = loadWithCodeCache(file, cache);
    const answer = answerOf(exports);
    keepCode();
    return answer;
  };
  const written = (): number => statSync(cache).ino;

  it('keeps the code of the first start for the next ones', () => {
    expect(load()).toBe(42);
    const first = written();
    expect(load()).toBe(42);
    expect(written()).toBe(first);
  });

  it('is a module like any other', () => {
    writeFileSync(file, "module.exports = [require('./other.cjs'), __filename, __dirname, typeof exports];");
    writeFileSync(join(folder, 'other.cjs'), "module.exports = 'other';");
    expect(loadWithCodeCache(file, cache).exports).toEqual(['other', file, folder, 'object']);
  });

  it('does not take the code of another source, be it of the same length', () => {
    load();
    writeFileSync(file, 'exports.answer = () => 41 + 2; exports.name = __filename;');
    expect(load()).toBe(43);
    expect(load()).toBe(43);
  });

  it.each([
    [
      'a bit that changed',
      (code: Buffer) => (code.writeUInt8(code.readUInt8(code.length >> 1) ^ 1, code.length >> 1), code),
    ],
    ['a half of it', (code: Buffer) => code.subarray(0, code.length >> 1)],
    ['nothing in it', () => Buffer.alloc(0)],
    ['something else', () => Buffer.from('{"not": "code"}')],
  ])('is replaced when there is %s', (_, damage) => {
    load();
    const whole = readFileSync(cache);
    writeFileSync(cache, damage(Buffer.from(whole)));
    const damaged = written();
    expect(load()).toBe(42);
    expect(written()).not.toBe(damaged);
    const replaced = written();
    expect(load()).toBe(42);
    expect(written()).toBe(replaced);
  });

  it('is done without where nothing can be written', () => {
    cache = join(folder, 'missing', 'file.code');
    expect(load()).toBe(42);
    expect(load()).toBe(42);
  });

  it('tells where an error is', () => {
    writeFileSync(file, '\n\nexports.answer = () => { throw new Error("here"); };');
    const { exports } = loadWithCodeCache(file, cache);
    expect(() => answerOf(exports)).toThrow(expect.objectContaining({ stack: expect.stringContaining(`${file}:3:`) }));
  });
});
