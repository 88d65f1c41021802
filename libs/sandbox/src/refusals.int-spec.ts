import { readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { SandboxMode } from '@pizzapi/protocol';
import { compileLibs, type CompiledLibs, waitFor } from '@pizzapi/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { EscapeBed, SECRET } from '../testing/escape-bed.js';
import { checkSandbox } from './check/enforceable.js';
import { type Refusal, Sandbox, sandboxPolicy } from './index.js';
import type { SandboxEntries } from './launch/entries.js';

const check = await checkSandbox({ mode: 'full' });
let libs: CompiledLibs;
let bed: EscapeBed;

// Where this machine cannot keep a wall, nothing is refused.
describe.skipIf(!check.isEnforceable)('a sandbox', () => {
  beforeAll(async () => {
    libs = await compileLibs('sandbox');
    bed = await EscapeBed.open(entries());
  });
  afterAll(async () => {
    await bed[Symbol.asyncDispose]();
    await libs[Symbol.asyncDispose]();
  });

  const entries = (): SandboxEntries => ({
    launcher: join(libs.folder, 'sandbox', 'launch', 'main.js'),
    helper: join(libs.folder, 'sandbox', 'helper', 'main.js'),
  });

  /** @param others what is of no one call */
  const sandboxWith = (mode: SandboxMode, others: Refusal[]): Sandbox =>
    new Sandbox({
      policy: sandboxPolicy([{ mode, allowedDomains: ['127.0.0.1'] }], bed.place),
      cwd: bed.cwd,
      emptyFolder: join(bed.home, 'run', 'empty'),
      env: { ...process.env, HOME: bed.userHome },
      temp: bed.temp,
      onRefusal: (refusal) => others.push(refusal),
      entries: entries(),
    });

  const bash = (command: string) => ({
    shell: '/bin/bash',
    args: ['-c', command],
    cwd: bed.cwd,
    env: {},
    timeoutMs: null,
  });

  it('tells of writes that it keeps from a command, to whoever runs it, also where the command keeps silent', async () => {
    const [told, others]: [Refusal[], Refusal[]] = [[], []];
    const watched = sandboxWith('basic', others);
    const outside = bed.path('other-project');
    const done = join(bed.cwd, 'is-told');
    const silent = [
      `echo x > ${outside}/README.md`,
      'echo x > link-out/new',
      `mkdir ${outside}/folder`,
      `mv ${outside}/README.md ${outside}/moved`,
      `rm -f ${outside}/README.md`,
      'echo x > .git/hooks/pre-commit',
      'echo x > ~/.ssh/authorized_keys',
      // What would fail, or come to nothing, without a sandbox too, and what is let pass.
      `mkdir -p ${outside}; ln ${outside}/README.md hard; rm -f ${outside}/none; echo > ${outside}/none/file`,
      'echo x > own; echo x > /dev/null; cat /etc/passwd; rm own',
    ].map((command) => `{ ${command}; } >/dev/null 2>&1`);
    const command = `${silent.join('; ')}; until [ -e ${done} ]; do sleep 0.01; done`;
    const order = bash(command);
    const ended = watched.exec(order, { onOutput: () => undefined, onRefusal: (refusal) => told.push(refusal) });
    await waitFor(() => told.some(({ target }) => target.includes('.ssh')), { description: 'the last of them' });
    writeFileSync(done, '');
    await ended;
    expect(told).toEqual([
      { kind: 'write', target: `${outside}/README.md`, rule: 'writable' },
      { kind: 'write', target: join(bed.cwd, 'link-out', 'new'), rule: 'writable' },
      { kind: 'write', target: `${outside}/folder`, rule: 'writable' },
      { kind: 'write', target: `${outside}/README.md`, rule: 'writable' },
      { kind: 'write', target: `${outside}/moved`, rule: 'writable' },
      { kind: 'write', target: `${outside}/README.md`, rule: 'writable' },
      { kind: 'write', target: join(bed.cwd, '.git', 'hooks', 'pre-commit'), rule: 'fixed' },
      { kind: 'write', target: bed.path('.ssh', 'authorized_keys'), rule: 'secrets' },
    ]);
    // Of a process in the background it is not known whose it is.
    await watched.exec(bash(`(sleep 0.2; echo x > ${outside}/late) >/dev/null 2>&1 &`), { onOutput: () => undefined });
    await waitFor(() => others.length > 0, { description: 'what the process in the background wanted' });
    expect(others).toEqual([{ kind: 'write', target: `${outside}/late`, rule: 'writable' }]);
    expect(readdirSync(bed.temp).filter((name) => name.startsWith('writes-'))).toEqual([]);
    await watched.close();
  });

  it('tells of hosts that its proxy refuses', async () => {
    const refused: Refusal[] = [];
    const full = sandboxWith('full', refused);
    const get = async (host: string): Promise<string> => {
      const chunks: Buffer[] = [];
      const order = bash(`'${process.execPath}' get.mjs ${host} ${bed.relayPort} ${SECRET}`);
      await full.exec({ ...order, timeoutMs: 30_000 }, { onOutput: (chunk) => chunks.push(chunk) });
      return Buffer.concat(chunks).toString();
    };
    expect(await get('127.0.0.1')).toContain(SECRET);
    expect(await get('localhost')).not.toContain(SECRET);
    await waitFor(() => refused.length > 0, { description: 'the refusal' });
    expect(refused).toEqual([{ kind: 'connect', target: `localhost:${bed.relayPort}`, rule: 'allowedDomains' }]);
    await full.close();
  });
});
