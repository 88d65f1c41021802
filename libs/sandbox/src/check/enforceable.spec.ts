import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { env } from 'node:process';
import { withoutDescriptors } from '@pizzapi/testing';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { SandboxUncheckedError } from '../errors.js';
import { filterProgram } from '../launch/entries.js';
import { checkSandbox } from './enforceable.js';

let folder: string;
beforeEach(() => (folder = mkdtempSync(join(tmpdir(), 'sandbox-check-'))));
afterEach(() => rmSync(folder, { recursive: true }));

function program(name: string, script = 'exit 0'): void {
  writeFileSync(join(folder, name), `#!/bin/sh\n${script}\n`);
  chmodSync(join(folder, name), 0o755);
}

describe('a sandbox', () => {
  it('of mode none needs nothing', async () =>
    expect(await checkSandbox({ mode: 'none', path: '' })).toEqual({ isEnforceable: true }));

  it('is not known elsewhere', async () =>
    expect(await checkSandbox({ mode: 'basic', platform: 'win32' })).toMatchObject({ gap: 'platform' }));

  it('needs its programs, and names those that are missing', async () => {
    program('rg');
    const check = await checkSandbox({ mode: 'full', platform: 'linux', path: folder });
    expect(check).toMatchObject({ gap: 'program_missing' });
    expect(check).toHaveProperty('detail', expect.stringContaining('bwrap, socat is not installed'));
  });

  it('can be kept where the system lets it', async () => {
    for (const name of ['rg', 'bwrap']) program(name);
    expect(await checkSandbox({ mode: 'basic', platform: 'linux', path: folder })).toEqual({ isEnforceable: true });
  });

  it('is tried with the filter of system calls around what it runs, as the real one is', async () => {
    program('rg');
    program('bwrap', 'while [ "$1" != -- ]; do shift; done; shift; exec "$@"');
    program('filter', 'echo "apply-seccomp: no namespace" >&2; exit 1');
    const check = await checkSandbox({
      mode: 'basic',
      platform: 'linux',
      path: folder,
      filter: join(folder, 'filter'),
    });
    expect(check).toHaveProperty('detail', expect.stringContaining('apply-seccomp: no namespace'));
  });

  it('is tried with all that its wall has', async () => {
    program('rg');
    program('bwrap', `echo "bwrap: cannot: $*" >&2; exit 1`);
    const check = await checkSandbox({ mode: 'basic', platform: 'linux', path: folder, isContainer: () => false });
    const words = process.geteuid?.() === 0 ? '--unshare-ipc --ro-bind-try /proc/sys/' : '--unshare-ipc';
    expect(check).toHaveProperty('detail', expect.stringContaining(`--proc /proc ${words}`));
  });

  it('says what is open where there is no such filter', async () => {
    for (const name of ['rg', 'bwrap']) program(name);
    expect(await checkSandbox({ mode: 'basic', platform: 'linux', path: folder, filter: null })).toEqual({
      isEnforceable: true,
      lack: expect.stringContaining('Unix sockets, such as Docker'),
    });
    expect([filterProgram('x64'), filterProgram('mips')]).toEqual([expect.stringContaining('x64/apply-seccomp'), null]);
  });

  describe('on a machine that has nothing to spare', () => {
    const trial = (timeoutMs = 20_000) =>
      checkSandbox({ mode: 'basic', platform: 'linux', path: `${folder}:${env['PATH']}`, timeoutMs });
    const short = 'echo "bwrap: Creating new namespace failed: Resource temporarily unavailable" >&2; exit 1';

    it('is tried again', async () => {
      program('rg');
      program('bwrap', `if mkdir ${folder}/one 2>/dev/null || mkdir ${folder}/two 2>/dev/null; then ${short}; fi`);
      expect(await trial()).toEqual({ isEnforceable: true });
    });

    it('is not taken for one that nobody can have', async () => {
      program('rg');
      program('bwrap', short);
      await expect(trial()).rejects.toThrow(SandboxUncheckedError);
      program('bwrap', 'exec sleep 100');
      await expect(trial(200)).rejects.toThrow('longer than 0.2 s');
    });

    it.skipIf(process.platform !== 'linux')('also where no more files can be opened', async () => {
      for (const name of ['rg', 'bwrap']) program(name);
      await withoutDescriptors(() => expect(trial()).rejects.toThrow('EMFILE'));
    });
  });

  it.each([
    [false, 'user_namespaces', 'kernel.unprivileged_userns_clone'],
    [true, 'container', 'the container itself is the boundary'],
  ])('cannot where it refuses namespaces (container: %s)', async (isContainer, gap, words) => {
    program('rg');
    program('bwrap', 'echo "bwrap: No permissions to create new namespace" >&2; exit 1');
    const check = await checkSandbox({
      mode: 'basic',
      platform: 'linux',
      path: folder,
      isContainer: () => isContainer,
    });
    expect(check).toMatchObject({ isEnforceable: false, gap });
    expect(check).toHaveProperty('detail', expect.stringContaining(words));
    expect(check).toHaveProperty('detail', expect.stringContaining('No permissions to create new namespace'));
  });
});
