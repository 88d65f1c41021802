import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { v7 } from 'uuid';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { SessionHooks } from '../plugins/hooks/session-hooks.js';
import { NO_FACTS } from '../plugins/hooks/session-facts.js';
import { ViolationLog } from '../sandbox/violation-log.js';
import { openSessionFile, type SessionFile } from './open-session-file.js';

let folder: string;
let file: SessionFile;
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'pizzapi-notes-'));
  file = await openSessionFile({ sessionId: v7(), cwd: folder, sessionsDir: folder, mustExist: false });
});
afterEach(() => rmSync(folder, { recursive: true }));

const unexpected = (): never => {
  throw new Error('no hook does this here');
};

// They come by themselves, so an error of theirs would end the process before it has told that the session is closed.
it.each<[string, () => void]>([
  [
    'the sandbox kept from a command',
    () => new ViolationLog(file.manager).noteBesides('bash', { kind: 'write', target: '/etc/hosts', rule: 'writable' }),
  ],
  [
    'a hook says in the background',
    () =>
      new SessionHooks({
        manager: file.manager,
        sessionId: 'session',
        settings: {},
        facts: () => NO_FACTS,
        hooks: () => [],
        hands: { start: unexpected, askModel: unexpected, runAgent: unexpected, callTool: unexpected },
      }).note('said', { plugin: 'guard', root: folder, event: 'Stop', text: 'Done.' }),
  ],
])('what %s is left out of a file that another process has taken', (_what, note) => {
  note();
  expect(file.manager.getEntries()).toHaveLength(1);
  writeFileSync(`${file.path}.lock`, JSON.stringify({ pid: process.ppid, startedAt: 'later' }));
  const before = readFileSync(file.path, 'utf8');
  note();
  expect(file.isLost).toBe(true);
  expect(file.manager.getEntries()).toHaveLength(1);
  expect(readFileSync(file.path, 'utf8')).toBe(before);
});
