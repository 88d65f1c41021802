import { existsSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { SandboxSettings, SandboxViolation } from '@pizzapi/protocol';
import { checkSandbox } from '@pizzapi/sandbox';
import { compileLibs, type CompiledLibs, startScriptedModel, type ScriptedModel, waitFor } from '@pizzapi/testing';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { readPlugins } from '../plugins/read-plugins.js';
import { anInput, type EventLog, SessionFixture } from '../../testing/session-fixture.js';
import { portsOf, resultIn, writeAgent } from '../../testing/subagent-fixture.js';
import { confinedSetup, results, secretOf, textOf } from '../../testing/sandbox-fixture.js';
import type { SandboxSetup } from './sandbox-setup.js';

const check = await checkSandbox({ mode: 'basic' });
let libs: CompiledLibs;
let model: ScriptedModel;
let fixture: SessionFixture;

beforeAll(async () => (libs = await compileLibs('sandbox')));
afterAll(() => libs[Symbol.asyncDispose]());
beforeEach(async () => {
  model = await startScriptedModel();
  fixture = await SessionFixture.create(model.modelsJson);
  const tools = ['bash', 'read', 'write', 'edit', 'ls', 'find', 'grep'];
  writeFileSync(join(fixture.agentDir, 'settings.json'), JSON.stringify({ defaultTools: tools }));
  mkdirSync(join(fixture.home, 'user', '.ssh'), { recursive: true });
  writeFileSync(secret(), 'the-secret');
});
afterEach(async () => {
  await fixture[Symbol.asyncDispose]();
  await model.close();
});

const confined = (settings: SandboxSettings = {}): SandboxSetup => confinedSetup(fixture, libs.folder, settings);
const secret = (): string => secretOf(fixture);

const violationsIn = (log: EventLog): unknown[] =>
  log.of('entry.appended').flatMap(({ kind, content }) => (kind === 'notice' ? [content] : []));

const violation = (changes: Partial<SandboxViolation>): unknown =>
  expect.objectContaining({ role: 'sandboxViolation', toolCallId: expect.any(String), ...changes });

describe.skipIf(!check.isEnforceable)('tools in the sandbox', () => {
  it('do what pi’s own do', async () => {
    const { host, log } = await fixture.started({ sandbox: confined() });
    mkdirSync(join(fixture.cwd, '.git'));
    writeFileSync(join(fixture.cwd, '.gitignore'), 'ignored\n');
    writeFileSync(join(fixture.cwd, 'ignored'), 'needle');
    const said = await results(model, log, host, [
      ['write', { path: 'src/a.ts', content: 'one\nneedle two\nthree\n' }],
      ['read', { path: 'src/a.ts', offset: 2, limit: 1 }],
      ['edit', { path: 'src/a.ts', edits: [{ oldText: 'three', newText: 'drei' }] }],
      ['ls', {}],
      ['find', { pattern: '*.ts' }],
      ['grep', { pattern: 'NEEDLE', ignoreCase: true, context: 1 }],
      ['grep', { pattern: 'nowhere' }],
      ['bash', { command: 'cat src/a.ts | tail -1; echo "$PI_SESSION_ID"; exit 4' }],
    ]);
    expect(said).toEqual([
      'Successfully wrote to src/a.ts',
      expect.stringMatching(/^needle two\n\n\[2 more lines in file/),
      'Successfully replaced 1 block(s) in src/a.ts.',
      '.git/\n.gitignore\nignored\nsrc/',
      'src/a.ts',
      'src/a.ts-1- one\nsrc/a.ts:2: needle two\nsrc/a.ts-3- drei',
      'No matches found',
      expect.stringMatching(new RegExp(`^drei\\n${fixture.sessionId}\\n\\n\\n?Command exited with code 4$`)),
    ]);
    expect(violationsIn(log)).toEqual([]);
    expect(readFileSync(join(fixture.cwd, 'src', 'a.ts'), 'utf8')).toBe('one\nneedle two\ndrei\n');
  });

  it('are refused by name, and the session’s file tells what, by which rule and in which call', async () => {
    const { host, log } = await fixture.started({ sandbox: confined() });
    symlinkSync(join(fixture.home, 'user', '.ssh'), join(fixture.cwd, 'link'));
    const outside = join(fixture.home, 'outside');
    const said = await results(model, log, host, [
      ['read', { path: secret() }],
      ['read', { path: 'link/id_ed25519' }],
      ['write', { path: outside, content: 'x' }],
      ['grep', { pattern: 'the-', path: 'link' }],
      ['bash', { command: `cat ${secret()}; echo x > ${outside}; cat link/id_ed25519` }],
      [
        'bash',
        { command: `{ echo x > ${outside}; } 2>/dev/null; cat /proc/${process.pid}/environ; kill -0 ${process.pid}` },
      ],
    ]);
    expect(said.join()).not.toContain('the-secret');
    expect(said[0]).toBe(`The sandbox of this session does not let tools read ${secret()}: it holds secrets.`);
    const link = join(fixture.cwd, 'link');
    const found = violationsIn(log);
    expect(found).toHaveLength(10);
    // What the system tells and what the output says come by ways of their own.
    expect(found).toEqual(
      expect.arrayContaining([
        violation({ toolName: 'read', kind: 'read', target: secret(), rule: 'secrets' }),
        violation({ toolName: 'read', kind: 'read', target: join(link, 'id_ed25519'), rule: 'secrets' }),
        violation({ toolName: 'write', kind: 'write', target: fixture.home, rule: 'writable' }),
        violation({ toolName: 'grep', kind: 'read', target: link, rule: 'secrets' }),
        violation({ toolName: 'bash', kind: 'read', target: secret(), rule: 'secrets' }),
        violation({ toolName: 'bash', kind: 'write', target: outside, rule: 'writable' }),
        violation({ toolName: 'bash', kind: 'read', target: join(link, 'id_ed25519'), rule: 'secrets' }),
        violation({ toolName: 'bash', kind: 'read', target: `/proc/${process.pid}/environ`, rule: 'processes' }),
        violation({ toolName: 'bash', kind: 'write', target: `process ${process.pid}`, rule: 'processes' }),
      ]),
    );
  });

  it('end with an abort in the middle, with all that they started', async () => {
    const { host, log } = await fixture.started({ sandbox: confined() });
    const pidFile = join(fixture.cwd, 'running');
    model.next((said) => said.toolCall('bash', { command: `echo out; echo x > ${pidFile}; sleep 1000` }));
    await host.receive([anInput('go')]);
    await log.until(() => log.of('tool.output').some(({ delta }) => delta.includes('out')));
    await host.abort();
    expect(textOf(log.of('entry.appended').find(({ kind }) => kind === 'tool')?.content)).toContain('Command aborted');
  });

  it('say it when their process was killed, and go on in a new one', async () => {
    const { host, log } = await fixture.started({ sandbox: confined() });
    const [killed, next] = await results(model, log, host, [
      ['bash', { command: 'kill -9 $PPID' }],
      ['bash', { command: 'echo again' }],
    ]);
    expect(killed).toContain("The process in which this session's tools run has ended");
    expect(next?.trim()).toBe('again');
  });

  it('are those of subagents too, in their own folder', async () => {
    await writeAgent(join(fixture.home, 'agents'), 'scout', { tools: 'bash, read' });
    mkdirSync(join(fixture.cwd, 'part'));
    const { host, log } = await fixture.started({ sandbox: confined(), subagents: await portsOf(fixture) });
    model.next(
      (said) => said.toolCall('subagent', { agent: 'scout', task: 'Look.', cwd: 'part' }, 'call_1'),
      (said) => said.toolCall('bash', { command: `pwd; cat ${secret()}` }),
      (said) => said.toolCall('read', { path: secret() }),
      (said) => said.text('It is hidden.'),
      (said) => said.text('Done.'),
    );
    await host.receive([anInput('go')]);
    await log.untilIdle();
    const told = JSON.stringify(model.requests[3]?.messages);
    expect(told).toContain(join(fixture.cwd, 'part'));
    expect(told).toContain('does not let tools read');
    expect(JSON.stringify(model.requests)).not.toContain('the-secret');
    expect(violationsIn(log)).toEqual([
      violation({ toolCallId: 'call_1', toolName: 'bash', kind: 'read', target: secret() }),
      violation({ toolCallId: 'call_1', toolName: 'read', kind: 'read', target: secret() }),
    ]);
  });

  it('share it with the hooks of plugins and the shell in their commands, which reach no more and cost no more', async () => {
    const root = join(fixture.home, 'plugins');
    const peek = `cat ${secret()}; echo x > ${join(fixture.home, 'outside')}; pwd; echo "$CLAUDE_PROJECT_DIR"`;
    const hooks = [
      { type: 'command', command: peek },
      { type: 'command', command: 'head -c 100000000 /dev/zero' },
      { type: 'command', command: 'sleep 1000', timeout: 0.5 },
    ];
    mkdirSync(join(root, 'kit', 'commands'), { recursive: true });
    writeFileSync(
      join(root, 'kit', 'plugin.json'),
      JSON.stringify({ name: 'kit', hooks: { UserPromptSubmit: [{ hooks }] } }),
    );
    writeFileSync(join(root, 'kit', 'commands', 'peek.md'), `Peek: !\`cat ${secret()}; echo peeked\` @${secret()}`);
    const plugins = await readPlugins({ roots: [root], installedFile: join(root, 'none.json') });
    const { host, log } = await fixture.started({ sandbox: confined(), plugins });
    model.next((said) => said.text('Done.'));
    await host.receive([anInput('/kit:peek')]);
    await log.untilIdle();
    const asked = JSON.stringify(model.requests[0]?.messages);
    expect(asked).toContain(`${fixture.cwd}\\n${fixture.cwd}`);
    expect(asked).toContain('Peek: peeked');
    expect(asked).not.toContain('the-secret');
    expect(existsSync(join(fixture.home, 'outside'))).toBe(false);
    const broken = { role: 'pluginHook', outcome: 'failed' };
    const ofPlugin = { toolCallId: null, toolName: 'a plugin' };
    expect(violationsIn(log).filter((notice) => JSON.stringify(notice).includes('pluginHook'))).toEqual([
      expect.objectContaining({ ...broken, text: 'it printed more than 1024 KB and was ended' }),
      expect.objectContaining({ ...broken, text: 'it did not end within 0.5 s and was ended' }),
    ]);
    expect(violationsIn(log).filter((notice) => JSON.stringify(notice).includes('sandboxViolation'))).toEqual([
      violation({ ...ofPlugin, kind: 'read', target: secret() }),
      violation({ ...ofPlugin, kind: 'write', target: join(fixture.home, 'outside'), rule: 'writable' }),
    ]);
  });

  it('of a subagent leave nothing running when it ends, and nothing of the session’s own ends with it', async () => {
    await writeAgent(join(fixture.home, 'agents'), 'scout', { tools: 'bash' });
    const { host, log } = await fixture.started({ sandbox: confined(), subagents: await portsOf(fixture) });
    const inBackground = (name: string) => ({ command: `setsid sleep 1000 >/dev/null 2>&1 & echo $! > ${name}.pid` });
    const look = (name: string): string =>
      `kill -0 $(cat ${name}.pid) 2>/dev/null && echo ${name} runs || echo ${name} is gone`;
    // A killed process is there until its parent has heard of it.
    const untilGone = 'for i in $(seq 600); do kill -0 $(cat subagent.pid) 2>/dev/null || break; sleep 0.05; done';
    model.next(
      (said) => said.toolCall('bash', inBackground('own')),
      (said) => said.toolCall('subagent', { agent: 'scout', task: 'Start it.' }),
      (said) => said.toolCall('bash', inBackground('subagent')),
      (said) => said.text('Started.'),
      (said) => said.toolCall('bash', { command: `${untilGone}; ${look('own')}; ${look('subagent')}` }),
      (said) => said.text('Done.'),
    );
    await host.receive([anInput('go')]);
    await log.untilIdle();
    expect(JSON.stringify(model.requests.at(-1)?.messages.at(-1))).toContain('own runs\\nsubagent is gone');
  });

  it('of a subagent work nowhere among secrets', async () => {
    await writeAgent(join(fixture.home, 'agents'), 'scout', { tools: 'read' });
    const { host, log } = await fixture.started({ sandbox: confined(), subagents: await portsOf(fixture) });
    await results(model, log, host, [['subagent', { agent: 'scout', task: 'Look.', cwd: dirname(secret()) }]]);
    expect(resultIn(log).run.steps[0]?.problem?.code).toBe('folder_secret');
  });

  it('leave the project’s plugins that the session uses as they are', async () => {
    const kit = join(fixture.cwd, '.claude', 'plugins', 'kit');
    mkdirSync(kit, { recursive: true });
    writeFileSync(join(kit, 'guard.sh'), 'exit 2');
    const { host, log } = await fixture.started({ sandbox: confinedSetup(fixture, libs.folder, {}, [kit]) });
    const command = `echo > ${kit}/guard.sh; rm ${kit}/guard.sh; mv ${kit} ${kit}2; mv .claude .other; touch .claude/ok`;
    await results(model, log, host, [['bash', { command }]]);
    expect(readFileSync(join(kit, 'guard.sh'), 'utf8')).toBe('exit 2');
    expect(existsSync(join(fixture.cwd, '.claude', 'ok'))).toBe(true);
  });

  it('tell how they are confined, and end with the session', async () => {
    const setup = confined();
    const { host, log } = await fixture.started({ sandbox: setup });
    expect(log.of('sandbox.changed')).toEqual([{ mode: 'basic', isEnforced: true }]);
    await results(model, log, host, [
      ['bash', { command: `sh -c 'sleep 1000; : ends-${process.pid}' & echo started` }],
    ]);
    await host.close('stopped');
    await waitFor(
      () =>
        setup.sandbox?.start().then(
          () => false,
          () => true,
        ),
      { description: 'it takes no more' },
    );
  });
});
