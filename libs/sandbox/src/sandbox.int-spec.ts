import { spawn } from 'node:child_process';
import { mkdirSync, readdirSync, readFileSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { compileLibs, type CompiledLibs, waitFor } from '@pizzapi/testing';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { EscapeBed, SECRET } from '../testing/escape-bed.js';
import { checkSandbox } from './check/enforceable.js';
import { type CommandEnd, Sandbox, type SandboxOptions } from './index.js';
import type { SandboxEntries } from './launch/entries.js';
import { MAX_BODY_BYTES } from './link/frames.js';
import { sandboxPolicy } from './policy/policy.js';
import { SandboxFileError, SandboxHelperEndedError, SandboxStartError } from './errors.js';

const check = await checkSandbox({ mode: 'full' });
let libs: CompiledLibs;
let bed: EscapeBed;
let sandbox: Sandbox;

// Where this machine cannot keep a wall, there is nothing to be tested.
describe.skipIf(!check.isEnforceable)('a sandbox', () => {
  beforeAll(async () => {
    libs = await compileLibs('sandbox');
    bed = await EscapeBed.open(entries());
    sandbox = await started();
  });
  afterAll(async () => {
    await bed[Symbol.asyncDispose]();
    await libs[Symbol.asyncDispose]();
  });

  const entries = (): SandboxEntries => ({
    launcher: join(libs.folder, 'sandbox', 'launch', 'main.js'),
    helper: join(libs.folder, 'sandbox', 'helper', 'main.js'),
  });

  async function started(): Promise<Sandbox> {
    const basic = bed.sandbox('basic');
    if (basic === null) throw new Error('basic has no sandbox');
    await basic.start();
    return basic;
  }

  /** Another than the one that the tests share. */
  const sandboxWith = (changes: Partial<SandboxOptions>): Sandbox =>
    new Sandbox({
      policy: sandbox.policy,
      cwd: bed.cwd,
      // Below the working folder where that is the home directory, as PIZZAPI_HOME is.
      emptyFolder: join(bed.home, 'run', 'empty'),
      env: process.env,
      temp: bed.temp,
      onRefusal: () => undefined,
      entries: entries(),
      ...changes,
    });

  const bash = (command: string, env: Record<string, string> = {}) => ({
    shell: '/bin/bash',
    args: ['-c', command],
    cwd: bed.cwd,
    env,
    timeoutMs: null,
  });

  interface Ran extends CommandEnd {
    output: string;
  }

  async function run(command: string, changes: { timeoutMs?: number; signal?: AbortSignal } = {}): Promise<Ran> {
    const chunks: Buffer[] = [];
    const { timeoutMs = null, signal } = changes;
    const order = bash(command, { GIVEN: 'given' });
    const end = await sandbox.exec({ ...order, timeoutMs }, { onOutput: (chunk) => chunks.push(chunk), signal });
    return { ...end, output: Buffer.concat(chunks).toString() };
  }

  describe('a command', () => {
    it('has its folder, its environment, both streams and its exit code', async () => {
      const ran = await run('pwd; echo $GIVEN; echo bad >&2; exit 3');
      expect(ran).toMatchObject({ code: 3, signal: null, end: 'exit' });
      expect(ran.output.split('\n').sort()).toEqual(['', 'bad', bed.cwd, 'given'].sort());
    });

    it('says by which signal it ended', async () =>
      expect(await run('kill -TERM $$')).toMatchObject({ code: null, signal: 15, end: 'exit' }));

    it('is heard while it runs', async () => {
      const { promise, resolve } = Promise.withResolvers<string>();
      const go = join(bed.cwd, 'go');
      const order = bash(`echo first; until [ -e ${go} ]; do :; done`);
      const ended = sandbox.exec({ ...order, timeoutMs: 30_000 }, { onOutput: (chunk) => resolve(chunk.toString()) });
      expect(await promise).toBe('first\n');
      writeFileSync(go, '');
      expect(await ended).toMatchObject({ code: 0, end: 'exit' });
    });

    it.each([
      ['its time is over', 'timeout', () => ({ timeoutMs: 300 })],
      ['it is broken off', 'cancel', () => ({ signal: AbortSignal.timeout(300) })],
    ])('ends with all that it started when %s', async (_why, end, limit) => {
      const word = `killed-by-${end}-${process.pid}`;
      const ran = await run(`sh -c 'sleep 1000; : ${word}' & sleep 1000`, limit());
      expect(ran).toMatchObject({ end, signal: 9 });
      await waitFor(() => !bed.isRunning(word), { description: `the end of ${word}` });
    });

    it('may be a program that is spoken with, which ends with all that it started', async () => {
      const word = `served-${process.pid}`;
      const lines: string[] = [];
      const stop = new AbortController();
      const args = ['-c', `sh -c 'sleep 1000; : ${word}' & while read -r line; do echo "$SALUTE $line"; done`];
      const order = { program: '/bin/bash', args, cwd: bed.cwd, env: { SALUTE: 'hello' } };
      const onOutput = (chunk: Buffer): void => void lines.push(...chunk.toString().split('\n').filter(Boolean));
      const served = await sandbox.serve(order, { onOutput, signal: stop.signal });
      served.write(Buffer.from('one\ntw'));
      served.write(Buffer.from('o\n'));
      await expect.poll(() => lines).toEqual(['hello one', 'hello two']);
      stop.abort();
      expect(await served.ended).toMatchObject({ end: 'cancel' });
      await waitFor(() => !bed.isRunning(word), { description: 'the end of what it started' });
      served.write(Buffer.from('nobody is there'));
    });

    it('may leave something running, which holds nothing up', async () => {
      const word = `left-${process.pid}`;
      expect(await run(`sh -c 'sleep 1000; : ${word}' & echo started`)).toMatchObject({ code: 0, output: 'started\n' });
      expect(bed.isRunning(word)).toBe(true);
    });

    it('may print more than fits into memory at once, in order', async () => {
      const bytes = 30_000_000;
      let seen = 0;
      let isInOrder = true;
      const onOutput = (chunk: Buffer): void => {
        isInOrder &&= chunk[0] === '0123456789\n'.charCodeAt(seen % 11);
        seen += chunk.length;
      };
      expect(await sandbox.exec(bash(`yes 0123456789 | head -c ${bytes}`), { onOutput })).toMatchObject({ code: 0 });
      expect([seen, isInOrder]).toEqual([bytes, true]);
    });

    it('is refused when its folder is missing', async () => {
      const order = { ...bash(':'), cwd: '/not-there' };
      await expect(sandbox.exec(order, { onOutput: () => undefined })).rejects.toMatchObject({ code: 'ENOENT' });
    });

    it.each([
      ['is longer than the system takes', 'E2BIG', `: ${'x'.repeat(200_000)}`],
      ['is longer than a call may be', 'E2BIG', `: ${'x'.repeat(2_000_000)}`],
      ['has a zero byte in it', 'ERR_INVALID_ARG_VALUE', 'echo \0'],
    ])('that %s fails alone: what else runs goes on', async (_what, code, command) => {
      const go = join(bed.cwd, `go-on-${code}-${command.length}`);
      const other = run(`until [ -e ${go} ]; do sleep 0.05; done; echo went on`);
      await expect(run(command)).rejects.toMatchObject({ name: 'SandboxFileError', code });
      writeFileSync(go, '');
      expect(await other).toMatchObject({ code: 0, output: 'went on\n' });
    });

    it('of the sandbox’s own is ended when it prints too much', async () => {
      const order = { program: 'yes', args: [], cwd: bed.cwd, limit: 1_000 };
      expect(await sandbox.run(order, { onOutput: () => undefined })).toMatchObject({ end: 'limit' });
    });
  });

  describe('files', () => {
    it('are written, read, listed and looked at', async () => {
      const folder = join(bed.cwd, 'a', 'b');
      await sandbox.makeFolder(folder);
      await sandbox.writeFile(join(folder, 'c'), Buffer.from('content'));
      expect(readFileSync(join(folder, 'c'), 'utf8')).toBe('content');
      expect((await sandbox.readFile(join(folder, 'c'))).toString()).toBe('content');
      expect((await sandbox.readFile(join(folder, 'c'), 4)).toString()).toBe('cont');
      expect(await sandbox.listFolder(folder)).toEqual(['c']);
      expect([await sandbox.isDirectory(folder), await sandbox.isDirectory(join(folder, 'c'))]).toEqual([true, false]);
      await sandbox.access(join(folder, 'c'), 'write');
    });

    it('that are pipes or devices are neither read nor written: nothing waits for what is at the other end', async () => {
      await run('mkfifo fifo');
      const refused = { code: 'EINVAL', message: expect.stringContaining('is no regular file') };
      // As many as would keep all of a process's hands busy.
      for (const path of [...Array<string>(5).fill(join(bed.cwd, 'fifo')), '/dev/zero'])
        await expect(sandbox.readFile(path)).rejects.toMatchObject(refused);
      await expect(sandbox.writeFile(join(bed.cwd, 'fifo'), Buffer.from('x'))).rejects.toThrow('ENXIO');
      expect(await sandbox.listFolder(bed.cwd)).toContain('fifo');
    });

    it('of any size come whole, up to a limit that is named', async () => {
      const content = Buffer.alloc(5_000_000, 'abcdefg');
      writeFileSync(join(bed.cwd, 'large'), content);
      expect((await sandbox.readFile(join(bed.cwd, 'large'))).equals(content)).toBe(true);
      truncateSync(join(bed.cwd, 'large'), MAX_BODY_BYTES + 1);
      await expect(sandbox.readFile(join(bed.cwd, 'large'))).rejects.toMatchObject({ code: 'EFBIG' });
      expect((await sandbox.readFile('/proc/self/cmdline')).length).toBeGreaterThan(0);
    });

    it.each([
      ['a secret', 'ENOENT', () => sandbox.readFile(bed.path('.ssh', 'id_ed25519'))],
      ['a place outside', 'EROFS', () => sandbox.writeFile(bed.path('outside'), Buffer.from('x'))],
      ['a fixed file', 'EROFS', () => sandbox.writeFile(join(bed.cwd, '.git', 'config'), Buffer.from('x'))],
      ['a missing file', 'ENOENT', () => sandbox.access(join(bed.cwd, 'nothing'), 'exist')],
    ])('%s is refused by the system: %s', async (_what, code, attempt) => {
      const refusal = await attempt().catch((error: unknown) => error);
      expect(refusal).toBeInstanceOf(SandboxFileError);
      expect(refusal).toMatchObject({ code });
    });

    it('are put nowhere by the wall itself', async () => {
      const empty = join(bed.cwd, 'as-it-was');
      mkdirSync(empty);
      expect((await run('ls -A')).output).not.toMatch(/\.bashrc|\.vscode|\.mcp\.json/);
    });
  });

  describe('the process behind the wall', () => {
    afterEach(() => sandbox.start());

    it('that is killed fails the running call by its name, and is there again for the next', async () => {
      const running = run('echo $PPID; sleep 1000');
      const killed = run('kill -9 $PPID');
      await expect(running).rejects.toThrow(SandboxHelperEndedError);
      await expect(killed).rejects.toThrow('The next call gets a new process');
      expect(await run('echo again')).toMatchObject({ output: 'again\n' });
    });

    it('is ended when a file of secrets is put anew into its place, with what runs in it, and says why', async () => {
      const running = run('sleep 1000');
      const refusal = expect(running).rejects.toThrow('.npmrc was put into its place anew, and could have been read');
      await run('true');
      bed.replace(bed.path('.npmrc'));
      await refusal;
      expect((await run('cat ~/.npmrc')).output).not.toContain(SECRET);
    });

    it('that a command speaks for is ended: what comes is parsed, not believed', async () => {
      const attempt = await run('exec 3>/proc/$PPID/fd/1 && printf "\\377\\377\\377\\377\\0\\0\\0\\0" >&3').catch(
        (error: unknown) => error,
      );
      // Where the system lets the command write there at all.
      if (attempt instanceof Error) expect(attempt.message).toContain('did not keep to its protocol');
      expect(await run('echo again')).toMatchObject({ output: 'again\n' });
    });
  });

  it('is changed while it is there: what runs goes on, what comes is held to the new rules', async () => {
    const { policy } = sandbox;
    writeFileSync(join(bed.cwd, 'told'), 'told');
    let said = '';
    const onOutput = (chunk: Buffer): void => void (said += chunk.toString());
    const running = sandbox.exec(bash('mkfifo pipe; echo here; cat pipe told'), { onOutput });
    await waitFor(() => said === 'here\n', { description: 'that it runs' });
    sandbox.change({ ...policy, denied: [...policy.denied, join(bed.cwd, 'told')] });
    expect((await run('cat told || echo refused; echo go > pipe')).output).toContain('refused');
    await running;
    expect(said).toBe('here\ngo\ntold');
    sandbox.change(policy);
    sandbox.keep(join(bed.cwd, 'told'));
    await expect(sandbox.writeFile(join(bed.cwd, 'told'), Buffer.from(''))).rejects.toMatchObject({ code: 'EROFS' });
    sandbox.change(policy);
  });

  it('works in the home directory itself, leaves nothing there, and keeps its secrets', async () => {
    const place = { ...bed.place, cwd: bed.userHome };
    // What the runner obeys has to be there to be kept.
    for (const folder of ['.agents', '.claude']) mkdirSync(bed.path(folder, 'plugins'), { recursive: true });
    const before = readdirSync(bed.userHome).sort();
    const atHome = sandboxWith({
      policy: sandboxPolicy([], place),
      cwd: bed.userHome,
      env: { ...process.env, HOME: bed.userHome },
    });
    await atHome.writeFile(bed.path('written'), Buffer.from('here'));
    expect(readFileSync(bed.path('written'), 'utf8')).toBe('here');
    await expect(atHome.readFile(bed.path('.ssh', 'id_ed25519'))).rejects.toMatchObject({ code: 'ENOENT' });
    await expect(atHome.readFile(join(bed.home, 'config.json'))).rejects.toMatchObject({ code: 'ENOENT' });
    expect(readdirSync(bed.userHome).sort()).toEqual([...before, 'written'].sort());
    await atHome.close();
  });

  it('starts also where its empty folder can be written', async () => {
    const here = sandboxWith({ policy: sandboxPolicy([], bed.place), emptyFolder: join(bed.cwd, 'empty') });
    await here.start();
    await here.close();
  });

  it('ends with the process that has it, whatever ends that, with all that runs in it', async () => {
    const word = `orphan-${process.pid}`;
    const program = join(libs.folder, 'owner.js');
    const options = {
      policy: bed.sandbox('basic')?.policy,
      cwd: bed.cwd,
      emptyFolder: join(bed.home, 'run', 'empty'),
      env: process.env,
      temp: bed.temp,
      entries: entries(),
    };
    const order = bash(`setsid sh -c 'sleep 1000; : ${word}' & echo`);
    writeFileSync(
      program,
      `import { Sandbox } from './sandbox/index.js';
     const sandbox = new Sandbox({ ...${JSON.stringify(options)}, onRefusal() {} });
     await sandbox.exec(${JSON.stringify(order)}, { onOutput() {} });
     setInterval(() => {}, 1e6);`,
    );
    const owner = spawn(process.execPath, [program], { stdio: 'ignore' });
    await waitFor(() => bed.isRunning(word), { description: 'what runs in it' });
    owner.kill('SIGKILL');
    await waitFor(() => !bed.isRunning(word), { description: 'its end' });
  });

  it('that cannot be started says so, and why', async () => {
    const broken = sandboxWith({ env: { PATH: '/nowhere' } });
    await expect(broken.start()).rejects.toThrow(SandboxStartError);
    await broken.close();
  });

  it.each(['basic', 'full'] as const)('has the session’s folder for temporary files in mode %s', async (mode) => {
    expect(await bed.run(mode, 'echo here > "$TMPDIR/made"; echo "$TMPDIR"')).toBe(`${bed.temp}\n`);
    expect(readFileSync(join(bed.temp, 'made'), 'utf8')).toBe('here\n');
  });
});
