import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { type PluginList } from '@pizzapi/plugins';
import { startScriptedModel, type ScriptedModel } from '@pizzapi/testing';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { AgentHost } from '../session/agent-host.js';
import { anInput, type EventLog, SessionFixture } from '../../testing/session-fixture.js';
import { readPlugins } from './read-plugins.js';

let model: ScriptedModel;
let fixture: SessionFixture;

beforeEach(async () => {
  model = await startScriptedModel();
  fixture = await SessionFixture.create(model.modelsJson);
});
afterEach(async () => {
  await fixture[Symbol.asyncDispose]();
  await model.close();
});

const file = (name: string): string => join(fixture.cwd, name);

function write(path: string, content: string): void {
  const whole = join(fixture.home, 'plugins', path);
  mkdirSync(dirname(whole), { recursive: true });
  writeFileSync(whole, content);
}

/** A plugin with one hook for an event. */
function hook(event: string, command: string, timeout = 30): Promise<PluginList> {
  write('kit/plugin.json', '{ "name": "kit" }');
  write(
    'kit/hooks/hooks.json',
    JSON.stringify({ hooks: { [event]: [{ hooks: [{ type: 'command', command, timeout }] }] } }),
  );
  const root = join(fixture.home, 'plugins');
  return readPlugins({ roots: [root], installedFile: join(root, 'none.json') });
}

const problems = (log: EventLog): unknown[] =>
  log
    .of('entry.appended')
    .map(({ content }) => content)
    .filter(
      (content) =>
        typeof content === 'object' && content !== null && 'outcome' in content && content.outcome === 'failed',
    );

async function turn(plugins: PluginList): Promise<{ host: AgentHost; log: EventLog }> {
  const opened = await fixture.started({ plugins });
  model.next(
    (said) => said.toolCall('bash', { command: 'echo went on' }),
    (said) => said.text('Done.'),
  );
  await opened.host.receive([anInput('go')]);
  await opened.log.untilIdle();
  expect(JSON.stringify(model.requests.at(-1)?.messages)).toContain('went on');
  return opened;
}

const isRunning = (pid: number): boolean => existsSync(`/proc/${pid}`);

describe('a session goes on beside a hook that', () => {
  it('never ends: it is ended with all that it started, and named', async () => {
    const plugins = await hook('PreToolUse', `sleep 300 & echo $! $$ > pids; wait`, 2);
    const { log } = await turn(plugins);
    expect(problems(log)).toMatchObject([
      { role: 'pluginHook', plugin: 'kit', event: 'PreToolUse', text: 'it did not end within 2 s and was ended' },
    ]);
    expect(log.of('commands.changed').at(-1)?.plugins).toMatchObject([
      { name: 'kit', broken: ['At PreToolUse: it did not end within 2 s and was ended.'] },
    ]);
    const pids = readFileSync(file('pids'), 'utf8').trim().split(' ').map(Number);
    await expect.poll(() => pids.filter(isRunning)).toEqual([]);
  });

  it('prints 100 MB: it is ended before it is through', async () => {
    const plugins = await hook('PostToolUse', 'head -c 100000000 /dev/zero; touch printed-all');
    const { log } = await turn(plugins);
    expect(problems(log)).toMatchObject([{ text: 'it printed more than 1024 KB and was ended' }]);
    expect(existsSync(file('printed-all'))).toBe(false);
  });

  it('floods its error stream: the end of it is kept', async () => {
    const { log } = await turn(await hook('PreToolUse', 'head -c 50000000 /dev/zero >&2; echo the end >&2; exit 3'));
    expect(problems(log)).toMatchObject([{ text: expect.stringContaining('exit code 3') }]);
  });

  it.each([
    ['prints half an object', 'echo "{ \\"decision\\": "', 'what it printed begins as JSON and is none'],
    ['is not there', './none.sh', /^it ended with exit code 127: .*none\.sh/],
    ['reads nothing', 'exit 1', 'it ended with exit code 1'],
    ['kills itself', 'kill -9 $$', 'it ended with a signal'],
  ])('%s', async (_what, command, text) => {
    const { log } = await turn(await hook('PreToolUse', command));
    expect(problems(log)).toMatchObject([{ text: typeof text === 'string' ? text : expect.stringMatching(text) }]);
  });

  it('blocks its beginning for long: an abort does not wait for it', async () => {
    const { host, log } = await fixture.started({
      plugins: await hook('UserPromptSubmit', 'touch begun; sleep 300', 600),
    });
    await host.receive([anInput('go')]);
    await expect.poll(() => existsSync(file('begun'))).toBe(true);
    await host.abort();
    expect(log.of('activity.changed').at(-1)).toEqual({ activity: 'idle' });
    expect(model.requests).toEqual([]);
  });

  it('does not let the session end: it is ended', async () => {
    const { host } = await fixture.started({ plugins: await hook('SessionEnd', 'echo $$ > begun; sleep 300', 600) });
    await host.close('stopped');
    const pid = readFileSync(file('begun'), 'utf8').trim();
    expect(pid).toMatch(/^\d+$/);
    await expect.poll(() => existsSync(`/proc/${pid}`)).toBe(false);
  });

  it('would have a turn go on for ever: it ends', async () => {
    const { host, log } = await fixture.started({ plugins: await hook('Stop', 'echo More. >&2; exit 2') });
    model.otherwise((said) => said.text('Again.'));
    await host.receive([anInput('go')]);
    await log.untilIdle();
    expect(model.requests).toHaveLength(9);
    expect(problems(log)).toMatchObject([{ text: 'it has had the turn go on 8 times; now it ends' }]);
  });
});

it('what is said besides a command never becomes shell', async () => {
  write('kit/plugin.json', '{ "name": "kit" }');
  write('kit/commands/echo.md', 'Got: !`echo $1 "$(echo $1)" $ARGUMENTS`');
  const root = join(fixture.home, 'plugins');
  const { host, log } = await fixture.started({
    plugins: await readPlugins({ roots: [root], installedFile: join(root, 'none.json') }),
  });
  model.next((said) => said.text('Done.'));
  await host.receive([anInput('/kit:echo "; touch pwned; $(touch pwned) `touch pwned` #"')]);
  await log.untilIdle();
  expect(JSON.stringify(model.requests[0]?.messages)).toContain('Got: ; touch pwned; $(touch pwned) `touch pwned` #');
  expect(existsSync(file('pwned'))).toBe(false);
});

it('what of a plugin cannot be understood is named, and the rest works', async () => {
  const ok = { hooks: [{ type: 'command', command: 'touch ran' }] };
  write('kit/plugin.json', JSON.stringify({ name: 'kit', hooks: ['./more.json', { Stop: [ok] }, '../out.json'] }));
  write('kit/hooks/hooks.json', '{ "hooks": ');
  write(
    'kit/more.json',
    JSON.stringify({
      hooks: { PreToolUse: [{ ...ok, matcher: '(' }, { hooks: 7 }, { hooks: [{ type: 'command' }] }], PostToolUse: {} },
    }),
  );
  write('kit/rules/bad.md', '---\npaths: "x\n---\nx');
  write('kit/rules/good.md', 'Be kind.');
  const root = join(fixture.home, 'plugins');
  const plugins = await readPlugins({ roots: [root], installedFile: join(root, 'none.json') });
  const { host, log } = await fixture.started({ plugins });
  expect(log.of('error.raised').map(({ code, detail }) => [code, detail.replace(`${root}/kit/`, '')])).toEqual([
    ['plugin_invalid', 'hooks/hooks.json, of a plugin, is not used: it is not a JSON object with the field "hooks".'],
    ['plugin_invalid', 'more.json, of a plugin, is not used: the matcher "(" of "hooks.PreToolUse" cannot be used.'],
    ['plugin_invalid', 'more.json, of a plugin, is not used: an entry of "hooks.PreToolUse" has no list "hooks".'],
    ['plugin_invalid', 'more.json, of a plugin, is not used: a hook of "hooks.PreToolUse" has no text "command".'],
    ['plugin_invalid', 'more.json, of a plugin, is not used: its field "hooks.PostToolUse" must be a list.'],
    [
      'plugin_invalid',
      expect.stringMatching(/^rules\/bad\.md, of a plugin, is not used: its frontmatter is not valid YAML/),
    ],
  ]);
  model.next((said) => said.text('Hello.'));
  await host.receive([anInput('go')]);
  await log.untilIdle();
  expect(JSON.stringify(model.requests[0]?.messages)).toContain('Be kind.');
  expect(existsSync(file('ran'))).toBe(true);
});
