import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readHookSettings } from './hook-config.js';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'pizzapi-hook-config-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

function settings(content: unknown) {
  const file = join(folder, 'config.json');
  writeFileSync(file, JSON.stringify(content));
  return readHookSettings(file);
}

describe('what config.json says of hooks', () => {
  it('may be nothing', () => {
    expect(readHookSettings(join(folder, 'none.json'))).toEqual({});
    expect(settings({ apiKey: 'k' })).toEqual({});
  });

  it.each([[true], [['guard']]])('is whose fail closed: %j', (failClosed) =>
    expect(settings({ hooks: { failClosed } })).toEqual({ failClosed }),
  );

  it.each([[{ failClosed: 'guard' }], [{ failclosed: true }], [[]]])(
    'misspelt keeps a session from starting: %j',
    (hooks) => expect(() => settings({ hooks })).toThrow('config.json, field hooks'),
  );
});
