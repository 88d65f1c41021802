import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pino } from 'pino';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { EXIT_CONFIG } from '../config/exit-code.js';
import { homeLayout } from '../config/home-layout.js';
import { Backoff } from '../retry/backoff.js';
import { Supervisor } from './supervisor.js';

const node = process.execPath;
let folder: string;
beforeEach(() => void (folder = mkdtempSync(join(tmpdir(), 'pizzapi-supervisor-'))));
afterEach(() => {
  process.execPath = node;
  rmSync(folder, { recursive: true });
});

it('tries again where the system cannot start the daemon just now', async () => {
  const daemonEntry = join(folder, 'daemon.mjs');
  writeFileSync(daemonEntry, `process.exit(${EXIT_CONFIG});`);
  const complaints: unknown[] = [];
  const stream = {
    write: (line: string) => {
      complaints.push(JSON.parse(line));
      process.execPath = node;
    },
  };
  const supervisor = new Supervisor({
    daemonEntry,
    layout: homeLayout(folder),
    logger: pino({}, stream),
    backoff: new Backoff({ firstMs: 1, maxMs: 1 }),
  });
  process.execPath = join(folder, 'no-node');
  expect(await supervisor.run()).toBe(EXIT_CONFIG);
  expect(complaints).toEqual([expect.objectContaining({ reason: expect.stringContaining('ENOENT') })]);
});
