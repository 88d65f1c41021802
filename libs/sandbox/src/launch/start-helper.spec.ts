import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { withoutDescriptors } from '@pizzapi/testing';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { SandboxStartError } from '../errors.js';
import { sandboxPolicy } from '../policy/policy.js';
import { Sandbox } from '../sandbox.js';

/** A launcher's first words: who it is. Then it ends with its input, unless told otherwise. */
const begun = `require('node:fs').writeFileSync('pid', String(process.pid));`;
const untilLetGo = `process.stdin.on('end', () => process.exit()).resume();`;
const forEver = `setInterval(() => undefined, 1_000);`;
const says = (news: object): string => `console.log(${JSON.stringify(JSON.stringify(news))});`;

let folder: string;
beforeEach(() => void (folder = mkdtempSync(join(tmpdir(), 'pizzapi-start-'))));
afterEach(() => rmSync(folder, { recursive: true }));

function sandbox(launcher: string, startTimeoutMs = 20_000): Sandbox {
  writeFileSync(join(folder, 'launcher.cjs'), launcher);
  writeFileSync(join(folder, 'secret'), 'x');
  const none = { userHome: folder, home: folder, temp: folder, sessionTemps: folder, sharedTemp: folder };
  const policy = sandboxPolicy([], { cwd: folder, ...none, hidden: [], readable: [], ownPrograms: [] });
  return new Sandbox({
    policy: { ...policy, mode: 'basic', denied: [join(folder, 'secret')] },
    cwd: folder,
    emptyFolder: folder,
    env: process.env,
    temp: folder,
    onRefusal: () => undefined,
    entries: { launcher: join(folder, 'launcher.cjs'), helper: join(folder, 'helper.js') },
    startTimeoutMs,
  });
}

async function refusal(starting: Promise<void>): Promise<string> {
  const error: unknown = await starting.then(
    () => null,
    (reason: unknown) => reason,
  );
  expect(error).toBeInstanceOf(SandboxStartError);
  return String(error);
}

async function expectLauncherGone(): Promise<void> {
  await expect.poll(() => existsSync(join(folder, 'pid'))).toBe(true);
  await expect.poll(() => runs(Number(readFileSync(join(folder, 'pid'), 'utf8')))).toBe(false);
}

function runs(pid: number): boolean {
  try {
    return !/^State:\s+Z/m.test(readFileSync(`/proc/${pid}/status`, 'utf8'));
  } catch {
    return false;
  }
}

/** How many folders this process has the system watch. */
function watches(): number {
  const descriptors = readdirSync('/proc/self/fdinfo').flatMap((fd) => {
    try {
      return readFileSync(`/proc/self/fdinfo/${fd}`, 'utf8').split('\n');
    } catch {
      return []; // of the listing itself
    }
  });
  return descriptors.filter((line) => line.startsWith('inotify wd:')).length;
}

describe.skipIf(process.platform !== 'linux')('a start that fails leaves nothing behind', () => {
  it('where the launcher does not answer', async () => {
    const before = watches();
    expect(await refusal(sandbox(`${begun}${forEver}`, 5_000).start())).toContain('did not answer within 5 s');
    await expectLauncherGone();
    expect(watches()).toBe(before);
  });

  it('where the launcher cannot build a wall', async () => {
    const failed = `${begun}${says({ type: 'failed', reason: 'No bubblewrap.' })}${forEver}`;
    expect(await refusal(sandbox(failed).start())).toContain('No bubblewrap.');
    await expectLauncherGone();
  });

  it('where the process behind the wall cannot even be started', async () => {
    const before = watches();
    const wrapped = `${begun}${says({ type: 'wrapped', command: 'a\0b' })}${untilLetGo}`;
    expect(await refusal(sandbox(wrapped).start())).toContain('null bytes');
    await expectLauncherGone();
    expect(watches()).toBe(before);
  });

  it('where the process behind the wall is never ready', async () => {
    const before = watches();
    const wrapped = `${begun}${says({ type: 'wrapped', command: 'sleep 1000' })}${untilLetGo}`;
    expect(await refusal(sandbox(wrapped, 5_000).start())).toContain('was not ready within 5 s');
    await expectLauncherGone();
    expect(watches()).toBe(before);
  });

  it('where no more files can be opened', async () => {
    const before = watches();
    const failing = sandbox(begun);
    expect(await withoutDescriptors(() => refusal(failing.start()))).toContain('EMFILE');
    expect(watches()).toBe(before);
  });
});
