import { mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { keptWrite } from './kept-write.js';
import { sandboxPolicy, type SandboxPolicy } from './policy.js';

let root: string;
let policy: SandboxPolicy;
beforeEach(() => {
  root = realpathSync(mkdtempSync(join(tmpdir(), 'kept-write-')));
  for (const folder of ['home/project/.git/hooks', 'home/.ssh', 'home/other', 'temp']) {
    mkdirSync(join(root, folder), { recursive: true });
    writeFileSync(join(root, folder, 'file'), '');
  }
  symlinkSync(join(root, 'home', 'other'), join(root, 'home', 'project', 'link'));
  const cwd = join(root, 'home', 'project');
  policy = sandboxPolicy([], {
    cwd,
    userHome: join(root, 'home'),
    home: join(root, 'home', '.pizzapi'),
    temp: join(root, 'temp'),
    sessionTemps: join(root, 'temp'),
    sharedTemp: join(root, 'none'),
    hidden: [],
    readable: [],
    ownPrograms: [],
  });
});
afterEach(() => rmSync(root, { recursive: true }));

const ruleOf = (syscall: string, path: string): string | null =>
  keptWrite(policy, { syscall, path: path.startsWith('/') ? path : join(root, 'home') + `/${path}` })?.rule ?? null;

describe('of what is asked of the system, the sandbox keeps', () => {
  it.each([
    ['openat', 'other/file', 'writable'],
    ['openat', 'other/new', 'writable'],
    ['openat', 'project/../other/file', 'writable'],
    ['open', 'project/link/file', 'writable'],
    ['creat', 'other/new', 'writable'],
    ['mkdir', 'other/new', 'writable'],
    ['symlinkat', 'other/new', 'writable'],
    ['unlink', 'other/file', 'writable'],
    ['rename', 'other/file', 'writable'],
    ['rename', 'other/new', 'writable'],
    ['chmod', 'other', 'writable'],
    ['openat', 'project/.git/hooks/new', 'fixed'],
    ['rename', 'project/.git', 'fixed'],
    ['rmdir', 'project', 'fixed'],
    ['openat', '.ssh/file', 'secrets'],
  ])('%s %s', (syscall, path, rule) => expect(ruleOf(syscall, path)).toBe(rule));
});

describe('of it is kept by no rule, or would come to nothing without a sandbox as well:', () => {
  it.each([
    ['openat', 'project/file'],
    ['rename', 'project/link'],
    ['openat', '/dev/null'],
    ['openat', '/proc/self/comm'],
    ['mkdir', 'other'],
    ['link', 'other/file'],
    ['unlink', 'other/none'],
    ['openat', 'other/none/file'],
    ['truncate', 'other/none'],
    ['openat2', 'other/file'],
  ])('%s %s', (syscall, path) => expect(ruleOf(syscall, path)).toBeNull());
});
