import { mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { WorkerLogs } from './worker-logs.js';

const LONG = 'x'.repeat(2 * 1024 * 1024);
let folder: string;
beforeEach(() => void (folder = mkdtempSync(join(tmpdir(), 'pizzapi-worker-logs-'))));
afterEach(() => rmSync(folder, { recursive: true }));
const pathOf = (name: string): string => join(folder, name);

describe('a log that has grown too long', () => {
  it('is moved aside', () => {
    writeFileSync(pathOf('one.log'), LONG);
    new WorkerLogs(folder).cap('one');
    expect([statSync(pathOf('one.log')).size, readFileSync(pathOf('one.log.1'), 'utf8') === LONG]).toEqual([0, true]);
  });

  it('begins anew also where what it said cannot be kept, as on a full disk', () => {
    writeFileSync(pathOf('one.log'), LONG);
    // No file can be written there.
    mkdirSync(join(pathOf('one.log.1'), 'in-the-way'), { recursive: true });
    new WorkerLogs(folder).cap('one');
    expect(statSync(pathOf('one.log')).size).toBe(0);
  });
});
