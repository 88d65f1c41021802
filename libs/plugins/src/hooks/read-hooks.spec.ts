import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ERROR_KINDS, HOOK_EVENTS, type HookEventRow, isHookEvent } from './hook-events.js';
import { readHooks, type ReadHooks } from './read-hooks.js';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'pizzapi-hooks-'));
});
afterAll(() => rm(folder, { recursive: true }));

const read = (hooks: object): ReadHooks => readHooks(folder, join(folder, 'plugin.json'), hooks);
const one = (event: string, handler: object): ReadHooks => read({ [event]: [{ hooks: [handler] }] });
const command = { type: 'command', command: 'check' };
const post = { type: 'http', url: 'https://audit.example.com/hook' };
const question = { type: 'prompt', prompt: 'Is it done? $ARGUMENTS' };
const call = { type: 'mcp_tool', server: 'plugin:kit:memory', tool: 'store' };

const rows = Object.entries<HookEventRow>(HOOK_EVENTS);

describe('an event', () => {
  it.each(rows.filter(([event]) => isHookEvent(event)))('%s has hooks', (event, row) => {
    const { hooks, unadapted } = one(event, command);
    const seconds = row.at === null ? 0 : (row.timeoutS ?? 600);
    expect(hooks).toMatchObject([
      { event, work: { type: 'command', command: 'check', args: null }, isAsync: false, timeoutMs: seconds * 1_000 },
    ]);
    expect(unadapted).toEqual([]);
  });

  it.each(rows.filter(([event]) => !isHookEvent(event)))('%s has none, and it is said why', (event, row) => {
    const { hooks, unadapted } = one(event, command);
    expect(hooks).toEqual([]);
    expect(unadapted).toEqual([`Its hooks for ${event} are not run: ${row.at === null ? row.why : ''}.`]);
  });

  it('that nobody knows is named', () =>
    expect(one('Teatime', command).unadapted).toEqual(['Its hooks for Teatime are not run: no such event is known.']));

  it.each([
    ['SessionStart', 'clear|fork', 'startup, resume, compact'],
    ['SessionEnd', '^logout$', 'other'],
    ['StopFailure', 'max_output_tokens', ERROR_KINDS.join(', ')],
    [
      'Notification',
      'auth_success',
      'permission_prompt, idle_prompt, agent_needs_input, elicitation_dialog, elicitation_url_dialog, elicitation_response',
    ],
  ])('%s with the matcher %s never happens, which is said', (event, matcher, values) =>
    expect(read({ [event]: [{ matcher, hooks: [command] }] }).unadapted).toEqual([
      `Its hooks for ${event} with the matcher "${matcher}" never run: here it is ${values}.`,
    ]),
  );

  it.each([
    ['SessionStart', 'startup|clear'],
    ['Notification', 'permission_prompt|auth_success'],
    ['PreCompact', ''],
    ['PreToolUse', 'NoSuchTool'],
  ])('%s with the matcher %j may happen', (event, matcher) =>
    expect(read({ [event]: [{ matcher, hooks: [command] }] }).unadapted).toEqual([]),
  );

  it('without anything to compare heeds no matcher', () => {
    const { hooks } = read({ Stop: [{ matcher: 'Bash', hooks: [command] }] });
    expect(hooks[0]?.matches([])).toBe(true);
  });
});

describe('a hook', () => {
  it.each([
    ['its own time', { timeout: 5 }, { timeoutMs: 5_000 }],
    ['an hour at most', { timeout: 1e9 }, { timeoutMs: 3_600_000 }],
    ['a program', { args: ['a', 1] }, { work: { ...command, args: ['a', '1'] } }],
    ['a condition', { if: 'Bash(git *)' }, { condition: 'Bash(git *)' }],
    ['nobody who waits', { async: true }, { isAsync: true }],
    [
      'somebody to wake',
      { asyncRewake: true, rewakeMessage: ' From the build: ', rewakeSummary: 7 },
      { isAsync: true, wakes: { message: 'From the build:', summary: null } },
    ],
    ['words for people', { statusMessage: 'Looking…' }, { status: 'Looking…' }],
    ['words for people, not too many', { statusMessage: 'x'.repeat(300) }, { status: 'x'.repeat(200) }],
    ['no second time', { once: false }, {}],
  ])('has %s', (_what, fields, expected) =>
    expect(one('PreToolUse', { ...command, ...fields }).hooks).toMatchObject([expected]),
  );

  it('that names a variable which it has not is listed', () =>
    expect(one('Stop', { ...command, command: 'ls "${CLAUDE_PLUGIN_DATA}"' }).unadapted).toEqual([
      'A hook for Stop names CLAUDE_PLUGIN_DATA, which stands for nothing.',
    ]));

  it.each([['git *)'], [7]])('with the condition %j runs without it, and it is said so', (condition) => {
    const { hooks, problems } = one('PreToolUse', { ...command, if: condition });
    expect(hooks).toMatchObject([{ condition: null }]);
    expect(problems).toMatchObject([{ detail: expect.stringContaining('is no rule; the hook runs without it') }]);
  });

  it.each([
    ['command', command],
    ['http', post],
  ])('of the type %s may fail closed', (_type, handler) => {
    const closes = one('PreToolUse', { ...handler, onFailure: 'block' });
    expect(closes).toMatchObject({ hooks: [{ failsClosed: true }], unadapted: [] });
    expect(one('PreToolUse', { ...handler, onFailure: 'continue' }).hooks[0]?.failsClosed).toBeUndefined();
  });

  it.each([
    ['Stop', { ...command, onFailure: 'block' }, 1],
    ['PreToolUse', { ...command, onFailure: 'block', async: true }, 1],
  ])('that cannot hold %s up is listed, whatever it says', (event, handler, count) => {
    const { hooks, unadapted } = one(event, handler);
    expect(hooks).toHaveLength(count);
    expect(unadapted).toEqual([
      `A hook for ${event} holds nothing up where it is broken, whatever its "onFailure" says.`,
    ]);
  });

  it('with a condition where no call happens is not run, as with Claude Code, and listed', () =>
    expect(one('Stop', { ...command, if: 'Bash(git *)' })).toMatchObject({
      hooks: [],
      unadapted: ['A hook for Stop with an "if" is not run: no call happens there.'],
    }));

  it('at the end of a session cannot ask for more time', () =>
    expect(one('SessionEnd', { ...command, timeout: 60 }).hooks).toMatchObject([{ timeoutMs: 1_500 }]));

  it('beside which other things stand has them listed, and a matcher that is none named', () => {
    const group = { matcher: 'Bash', if: 'Bash(ls)', hooks: [command] };
    expect(read({ hooks: { PreToolUse: [group] }, version: 1, description: 'x', $schema: 'y' })).toMatchObject({
      hooks: [{ matcher: 'Bash' }],
      unadapted: [
        'The field "version" beside its hooks is not followed.',
        'The field "if" of an entry for PreToolUse is not followed.',
      ],
    });
    expect(read({ PreToolUse: [{ matcher: { tool: 'Bash' }, hooks: [command] }] })).toMatchObject({
      hooks: [],
      problems: [{ detail: 'the matcher of an entry of "hooks.PreToolUse" is no text' }],
    });
  });

  it.each([
    [{ ...command, timeout: '5' }, 'The "timeout" of a hook for Stop is no number of seconds, and not followed.'],
    [{ ...command, args: 'x' }, 'The "args" of a hook for Stop are no list, and not followed.'],
    [{ type: 'fax' }, 'A hook for Stop of the type "fax" is not run: no such type is known.'],
    [{ ...post, async: true }, 'The field "async" of a hook for Stop is not followed.'],
    [{ ...command, shell: 'powershell' }, 'A hook for Stop with the shell "powershell" is not run.'],
    [{ ...post, asyncRewake: true }, 'The field "asyncRewake" of a hook for Stop is not followed.'],
    [
      { ...question, type: 'agent', continueOnBlock: true },
      'The field "continueOnBlock" of a hook for Stop is not followed.',
    ],
    [
      { ...command, once: true },
      'A hook for Stop runs every time: "once" counts in skills alone, as with Claude Code.',
    ],
  ])('%j is listed', (handler, sentence) => expect(one('Stop', handler).unadapted).toEqual([sentence]));
});

describe('a hook of the type', () => {
  it.each([
    ['http', post, { ...post, headers: {}, variables: [] }],
    [
      'http',
      { ...post, headers: { Authorization: 'Bearer $TOKEN' }, allowedEnvVars: ['TOKEN', 7] },
      { ...post, headers: { Authorization: 'Bearer $TOKEN' }, variables: ['TOKEN'] },
    ],
    ['prompt', question, { ...question, model: null, continueOnBlock: false }],
    [
      'prompt',
      { ...question, model: 'haiku', continueOnBlock: true },
      { ...question, model: 'haiku', continueOnBlock: true },
    ],
    ['agent', { ...question, type: 'agent' }, { ...question, type: 'agent', model: null }],
    ['mcp_tool', call, { ...call, server: 'memory', input: {} }],
  ])('%s is read: %j', (_type, handler, work) => {
    const { hooks, problems, unadapted } = one('Stop', handler);
    expect(hooks).toMatchObject([{ work, isAsync: false }]);
    expect([...problems, ...unadapted]).toEqual([]);
  });

  it('prompt has half a minute, and none where a no would change nothing', () => {
    expect(one('Stop', question).hooks).toMatchObject([{ timeoutMs: 30_000 }]);
    expect(one('PermissionRequest', question).unadapted).toEqual([
      'A hook for PermissionRequest of the type "prompt" is not run: a no would change nothing.',
    ]);
    expect(one('SessionEnd', question)).toMatchObject({
      hooks: [],
      unadapted: ['A hook for SessionEnd of the type "prompt" is not run: a no would change nothing.'],
    });
  });

  it('agent has a minute, whatever the event, and none where a no would change nothing', () => {
    const agent = { ...question, type: 'agent' };
    expect(one('Stop', agent).hooks).toMatchObject([{ timeoutMs: 60_000 }]);
    expect(one('UserPromptSubmit', agent).hooks).toMatchObject([{ timeoutMs: 60_000 }]);
    expect(one('SessionEnd', agent).unadapted).toEqual([
      'A hook for SessionEnd of the type "agent" is not run: a no would change nothing.',
    ]);
  });

  it.each([
    [{ type: 'http', url: 'file:///etc/passwd' }, 'has no address "url" that begins with http:// or https://'],
    [{ ...post, headers: { a: 1 } }, 'has "headers" that are not all texts'],
    [{ type: 'prompt' }, 'has no text "prompt"'],
    [{ type: 'mcp_tool', server: 'x' }, 'has no texts "server" and "tool"'],
    [{ ...call, input: [] }, 'has an "input" that is no object'],
    [{ type: 'command' }, 'has no text "command"'],
  ])('and malformed is named: %j', (handler, fault) =>
    expect(one('Stop', handler)).toMatchObject({
      hooks: [],
      problems: [{ detail: `a hook of "hooks.Stop" ${fault}` }],
    }),
  );
});
