import { execFileSync } from 'node:child_process';
import fs, {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { syncBuiltinESMExports } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { SessionFileLockedError } from '../errors/agent-error.js';
import { lockSessionFile, SessionFileLostError } from './session-lock.js';

let folder: string;
let file: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'pizzapi-lock-'));
  file = join(folder, 'session.jsonl');
  writeFileSync(file, '');
});
afterEach(() => rmSync(folder, { recursive: true }));

const lockPath = (): string => `${file}.lock`;
const lockOf = (pid: number, startedAt: string): string => JSON.stringify({ pid, startedAt });
/** Of a process that lives and is not this one. */
const othersLock = (): string => {
  const stat = execFileSync('cat', [`/proc/${process.ppid}/stat`], { encoding: 'utf8' });
  return lockOf(process.ppid, stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19] ?? '');
};
const DEAD = lockOf(2 ** 22 - 1, '1');

describe.skipIf(process.platform !== 'linux')("the lock of a session's file", () => {
  it('is taken and released, and leaves nothing behind', async () => {
    const lock = await lockSessionFile(file);
    expect(JSON.parse(readFileSync(lockPath(), 'utf8'))).toMatchObject({ pid: process.pid });
    lock.requireHeld();
    lock.release();
    expect(readdirSync(folder)).toEqual(['session.jsonl']);
  });

  it('is refused while a living process holds it, whose lock stays', async () => {
    writeFileSync(lockPath(), othersLock());
    await expect(lockSessionFile(file)).rejects.toThrow(SessionFileLockedError);
    expect(readFileSync(lockPath(), 'utf8')).toBe(othersLock());
  });

  it.each([
    ['of a dead process', () => DEAD],
    ['of another process with that pid', () => lockOf(process.ppid, '1')],
    ['that was half written', () => '{"pid": 4'],
  ])('%s is taken over', async (_, before) => {
    writeFileSync(lockPath(), before());
    const lock = await lockSessionFile(file);
    lock.requireHeld();
    lock.release();
    expect(readdirSync(folder)).toEqual(['session.jsonl']);
  });

  it('is taken though a process died in the middle of taking it', async () => {
    mkdirSync(`${file}.lock-guard`);
    utimesSync(`${file}.lock-guard`, new Date(0), new Date(0));
    (await lockSessionFile(file)).requireHeld();
  });

  it('of one that took it over while this process slept stays in its place', async () => {
    writeFileSync(lockPath(), DEAD);
    const { renameSync } = fs;
    fs.renameSync = (from, to) => {
      writeFileSync(lockPath(), othersLock());
      renameSync(from, to);
    };
    syncBuiltinESMExports();
    try {
      await expect(lockSessionFile(file)).rejects.toThrow(SessionFileLockedError);
    } finally {
      fs.renameSync = renameSync;
      syncBuiltinESMExports();
    }
    expect(readFileSync(lockPath(), 'utf8')).toBe(othersLock());
    expect(readdirSync(folder)).toEqual(['session.jsonl', 'session.jsonl.lock']);
  });

  it('of another process is neither written over nor removed by the one that has lost it', async () => {
    const lock = await lockSessionFile(file);
    writeFileSync(lockPath(), othersLock());
    expect(() => lock.requireHeld()).toThrow(SessionFileLostError);
    lock.release();
    expect(readFileSync(lockPath(), 'utf8')).toBe(othersLock());
  });

  it('that somebody has tidied up and another process takes at that moment is lost', async () => {
    const lock = await lockSessionFile(file);
    rmSync(lockPath());
    const others = othersLock();
    const { writeFileSync: write } = fs;
    fs.writeFileSync = (path, data, options) => {
      write(lockPath(), others);
      write(path, data, options);
    };
    syncBuiltinESMExports();
    try {
      expect(() => lock.requireHeld()).toThrow(SessionFileLostError);
    } finally {
      fs.writeFileSync = write;
      syncBuiltinESMExports();
    }
    expect(readFileSync(lockPath(), 'utf8')).toBe(others);
  });

  it('that somebody has tidied up is put back', async () => {
    const lock = await lockSessionFile(file);
    rmSync(lockPath());
    lock.requireHeld();
    expect(existsSync(lockPath())).toBe(true);
  });
});
