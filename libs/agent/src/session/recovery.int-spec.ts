import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { appendFile, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { SessionManager } from '@earendil-works/pi-coding-agent';
import { ProblemCode } from '@pizzapi/protocol';
import { compileLibs, startScriptedModel, type CompiledLibs, type ScriptedModel } from '@pizzapi/testing';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { aTriggerItem } from '../../testing/trigger-fixture.js';
import { anInput, SessionFixture } from '../../testing/session-fixture.js';

let libs: CompiledLibs;
let model: ScriptedModel;
let fixture: SessionFixture;

beforeAll(async () => void (libs = await compileLibs('agent')));
afterAll(() => libs[Symbol.asyncDispose]());
beforeEach(async () => {
  model = await startScriptedModel();
  fixture = await SessionFixture.create(model.modelsJson);
});
afterEach(async () => {
  await fixture[Symbol.asyncDispose]();
  await model.close();
});

/** Opens the session in a process of its own, which then does what `program` says with `host`. */
async function startChild(
  program: string,
  flags: string[] = [],
): Promise<{ child: ChildProcess; line: (text: string) => Promise<string> }> {
  const { sessionId, cwd, agentDir } = fixture;
  const script = join(libs.folder, `child-${sessionId}.mjs`);
  const options = JSON.stringify({ sessionId, cwd, agentDir, epoch: 1, isResume: false });
  await writeFile(
    script,
    `import { openAgentSession } from './agent/index.js';
     const say = (line) => process.stdout.write(line + '\\n');
     const host = await openAgentSession({ ...${options}, emit: (event) => say(event.type) });
     ${program}`,
  );
  const child = spawn(process.execPath, [...flags, script], { stdio: ['ignore', 'pipe', 'inherit'] });
  const lines: string[] = [];
  const reader = createInterface({ input: child.stdout }).on('line', (text) => lines.push(text));
  const ended = once(reader, 'close').then(() => null);
  const line = async (text: string): Promise<string> => {
    for (;;) {
      const found = lines.find((one) => one.startsWith(text));
      if (found !== undefined) return found;
      const next = await Promise.race([once(reader, 'line'), ended]);
      if (next === null) throw new Error(`The process ended without the line "${text}".`);
    }
  };
  return { child, line };
}

async function kill9(child: ChildProcess): Promise<void> {
  const gone = once(child, 'exit');
  child.kill('SIGKILL');
  await gone;
}

describe('after kill -9', () => {
  it('waits behind Continue with the interrupted turn, keeps what was queued, and skips what it holds', async () => {
    // Ends after the process that is killed, which nobody else sees to here.
    const command = 'echo started; while kill -0 $PPID; do sleep 0.1; done';
    model.next((answer) => answer.toolCall('bash', { command }, 'call_sleep'));
    const first = anInput('go', { deliveryId: 'inp_go' });
    const queued = anInput('queued', { deliveryId: 'inp_queued', deliverAs: 'followUp' });
    const { child, line } = await startChild(
      `host.start(); await host.receive(${JSON.stringify([first, queued])}); say('received');`,
    );
    await line('received');
    await line('tool.output');
    await kill9(child);

    const { host, log } = await fixture.open({ isResume: true, epoch: 2 });
    const recovered = host.entriesAfter(null);
    expect(recovered.map(({ kind, isRecovered }) => [kind, isRecovered])).toEqual([
      ['user', true],
      ['assistant', true],
      ['tool', true],
    ]);
    expect(recovered[2]?.content).toMatchObject({ toolCallId: 'call_sleep', isError: true });
    expect(host.entriesAfter(recovered[1]?.entryId ?? null)).toEqual(recovered.slice(2));

    host.start();
    expect(log.of('session.opened')).toEqual([{ epoch: 2, isResumed: true }]);
    expect(log.of('turn.interrupted')).toHaveLength(1);
    expect(host.queue.map(({ inputId }) => inputId)).toEqual(['inp_queued']);
    expect(model.requests).toHaveLength(1);

    model.next(
      (answer) => answer.text('Went on.'),
      (answer) => answer.text('Queued too.'),
    );
    host.continueTurn();
    await log.until(({ text }) => text === 'Went on.Queued too.');
    await log.untilIdle();
    await host.receive([first, queued]);
    expect(host.queue).toEqual([]);
    expect(log.of('entry.appended').filter(({ kind }) => kind === 'user')).toHaveLength(1);
  });

  it('offers a received delivery again that had not reached the conversation', async () => {
    const item = anInput('never started', { deliveryId: 'inp_lost' });
    const { child, line } = await startChild(`await host.receive(${JSON.stringify([item])}); say('received');`);
    await line('received');
    await kill9(child);

    model.otherwise((answer) => answer.text('Here.'));
    const { log } = await fixture.started({ isResume: true, epoch: 2 });
    await log.until(({ text }) => text.endsWith('Here.'));
    const said = log.of('entry.appended').filter(({ kind }) => kind === 'user');
    expect(said).toEqual([
      expect.objectContaining({
        content: expect.objectContaining({ details: expect.objectContaining({ id: 'inp_lost' }) }),
      }),
    ]);
  });
});

describe('a kill between the file and the acknowledgement', () => {
  it('makes no double: the relay delivers the trigger again, and it is skipped', async () => {
    const item = aTriggerItem({ summary: 'Order 7 shipped' });
    model.otherwise((answer) => answer.text('Seen.'));
    const { child, line } = await startChild(`await host.receive(${JSON.stringify([item])}); say('in the file');`);
    await line('in the file');
    await kill9(child);

    const { host, log } = await fixture.started({ isResume: true, epoch: 2 });
    await host.receive([item]);
    await log.untilIdle();
    await host.receive([item]);
    expect(host.queue).toEqual([]);
    expect(model.requests).toHaveLength(1);
    expect(host.entriesAfter(null).map(({ kind }) => kind)).toEqual(['trigger', 'assistant']);
  });
});

describe('after a shutdown in mid-turn', () => {
  it('stands where a crash would have left it', async () => {
    model.next((answer) => answer.hang());
    const before = await fixture.started();
    await before.host.receive([anInput('go')]);
    await model.request(1);
    await before.host.close('shutdown');
    expect(before.log.all.at(-1)).toMatchObject({ type: 'session.closed', data: { reason: 'shutdown' } });

    const { host, log } = await fixture.started({ isResume: true });
    expect(log.of('turn.interrupted')).toHaveLength(1);
    expect(host.entriesAfter(null).map(({ kind }) => kind)).toEqual(['user']);
    model.next((answer) => answer.text('Resumed.'));
    host.continueTurn();
    await log.until(({ text }) => text === 'Resumed.');
  });
});

describe('edits and removals', () => {
  it('hold after a restart', async () => {
    const [changed, removed] = [anInput('typo'), anInput('never mind')];
    const before = await fixture.open();
    await before.host.receive([changed, removed]);
    before.host.editInput(changed.deliveryId, 'better');
    before.host.removeInput(removed.deliveryId);
    await before.host.close('shutdown');
    const { host } = await fixture.open({ isResume: true });
    expect(host.queue.map(({ text }) => text)).toEqual(['better']);
  });
});

describe("the session's file", () => {
  it("is pi's own: its lists show it with the session's id and folder", async () => {
    const { host, log } = await fixture.started();
    model.next((answer) => answer.text('Hi'));
    await host.receive([anInput('Hello')]);
    await log.untilIdle();
    const listed = await SessionManager.listAll(join(fixture.agentDir, 'sessions'));
    const inFolder = await SessionManager.list(fixture.cwd, join(host.path, '..'));
    expect([...listed, ...inFolder].map(({ id, cwd }) => ({ id, cwd }))).toContainEqual({
      id: fixture.sessionId,
      cwd: fixture.cwd,
    });
  });

  it('is refused to a second process, and free again after kill -9', async () => {
    const { child, line } = await startChild('host.start(); setInterval(() => {}, 1000);');
    await line('session.opened');
    await expect(fixture.open({ isResume: true })).rejects.toMatchObject({ code: ProblemCode.sessionFileLocked });
    await kill9(child);
    await expect(fixture.open({ isResume: true })).resolves.toBeDefined();
    await expect(fixture.open({ isResume: true })).rejects.toMatchObject({ code: ProblemCode.sessionFileLocked });
  });

  it('needs a folder that exists', async () => {
    await expect(fixture.open({ cwd: join(fixture.home, 'no') })).rejects.toMatchObject({
      code: ProblemCode.folderMissing,
    });
  });

  it('must exist when a session is resumed', async () => {
    await expect(fixture.open({ isResume: true })).rejects.toMatchObject({ code: ProblemCode.sessionFileMissing });
  });

  it('is named, with the line, when it is damaged', async () => {
    const { host } = await fixture.open();
    await host.receive([anInput('one')]);
    await host.close('shutdown');
    const lines = (await readFile(host.path, 'utf8')).trimEnd().split('\n');
    await writeFile(host.path, [...lines.slice(0, 2), '{"type":"mess', ...lines.slice(2), ''].join('\n'));
    await expect(fixture.open({ isResume: true })).rejects.toMatchObject({
      code: ProblemCode.sessionFileCorrupt,
      message: expect.stringContaining(`${host.path} is damaged at line 3`),
    });
  });

  it('loses only a last line that a kill tore, for good', async () => {
    const { host } = await fixture.open();
    await host.receive([anInput('kept')]);
    await host.close('shutdown');
    await appendFile(host.path, '{"type":"custom","customType":"deli');
    for (const epoch of [2, 3]) {
      const { host: again } = await fixture.open({ isResume: true, epoch });
      expect(again.queue.map(({ text }) => text)).toEqual(['kept']);
      await again.close('shutdown');
    }
  });
});

describe('a process with an idle session', () => {
  it('stays under 200 MB', async () => {
    const program = `host.start(); setTimeout(() => { say('rss ' + Math.round(process.memoryUsage.rss() / 1e6)); }, 500);`;
    // As the runner starts its workers.
    const { child, line } = await startChild(program, ['--max-semi-space-size=2']);
    const megabytes = Number((await line('rss ')).slice(4));
    await kill9(child);
    expect(megabytes).toBeLessThan(200);
  });
});
