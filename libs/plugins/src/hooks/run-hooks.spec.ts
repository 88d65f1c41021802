import { describe, expect, it } from 'vitest';
import type { OwnedHook } from './hook.js';
import type { HookEnd } from './hook-answer.js';
import { matcherOf } from './matcher.js';
import type { HookHands, HookOrder } from './do-work.js';
import { hooksFor, type HooksAnswer, runHooks } from './run-hooks.js';

/** A hook of the type `command`, unless it has other work. */
function aHook({
  command = 'check',
  args = null,
  ...changes
}: Partial<OwnedHook & { command: string; args: string[] | null }> = {}): OwnedHook {
  return {
    event: 'PreToolUse',
    matcher: '',
    matches: matcherOf(changes.matcher ?? ''),
    condition: null,
    work: { type: 'command', command, args },
    timeoutMs: 1_000,
    isAsync: false,
    plugin: 'kit',
    root: '/plugins/kit',
    ...changes,
  };
}

const bash = { tool_name: 'Bash', tool_input: { command: 'git push && ls' } };
const occasion = { event: 'PreToolUse' as const, names: ['Bash'], call: bash, fields: bash, projectDir: '/work' };
const none = () => Promise.reject(new Error('there is none'));
const by = (hands: Partial<HookHands>): HookHands => ({
  start: none,
  askModel: none,
  runAgent: none,
  callTool: none,
  ...hands,
});
const ended = (changes: Partial<HookEnd> = {}): HookEnd => ({
  code: 0,
  end: 'exit',
  stdout: '',
  stderr: '',
  ...changes,
});

describe('hooks', () => {
  it('are chosen by event, matcher and condition, each command of a plugin once', () => {
    const hooks = [
      aHook(),
      aHook({ matcher: 'Bash' }),
      aHook({ root: '/plugins/other' }),
      aHook({ command: 'a', event: 'Stop' }),
      aHook({ command: 'b', matcher: 'Edit' }),
      aHook({ command: 'c', condition: 'Bash(git push *)' }),
      aHook({ command: 'd', condition: 'Bash(npm *)' }),
    ];
    const chosen = hooksFor(hooks, occasion).map(({ work, root }) => [work.type === 'command' && work.command, root]);
    expect(chosen).toEqual([
      ['check', '/plugins/kit'],
      ['check', '/plugins/other'],
      ['c', '/plugins/kit'],
    ]);
  });

  it('run all at once, with Claude Code’s JSON and places; a line of shell reads the places itself', async () => {
    const orders: HookOrder[] = [];
    const hooks = [
      aHook({ command: '"${CLAUDE_PLUGIN_ROOT}"/x.sh' }),
      aHook({ command: 'node', args: ['${CLAUDE_PLUGIN_ROOT}/x.js', '${CLAUDE_PROJECT_DIR}', '${HOME}'] }),
    ];
    const both = Promise.withResolvers<undefined>();
    const start = async (order: HookOrder): Promise<HookEnd> => {
      if (orders.push(order) === hooks.length) both.resolve(undefined);
      await both.promise;
      return ended();
    };
    await runHooks(hooks, occasion, by({ start }));
    expect(orders.map(({ command, args }) => [command, args])).toEqual([
      ['"${CLAUDE_PLUGIN_ROOT}"/x.sh', null],
      ['node', ['/plugins/kit/x.js', '/work', '${HOME}']],
    ]);
    expect(orders[0]?.env).toEqual({ CLAUDE_PLUGIN_ROOT: '/plugins/kit', CLAUDE_PROJECT_DIR: '/work' });
    expect(JSON.parse(orders[0]?.input ?? '')).toEqual({ ...bash, hook_event_name: 'PreToolUse' });
  });

  it('of several the strictest decides; what the others want is kept', async () => {
    const answers: Record<string, object> = {
      a: { hookSpecificOutput: { permissionDecision: 'allow', updatedInput: { command: 'ls' } } },
      b: { hookSpecificOutput: { permissionDecision: 'deny', permissionDecisionReason: 'No.' } },
      c: { hookSpecificOutput: { permissionDecision: 'ask', additionalContext: 'x' }, systemMessage: 'm' },
    };
    const hooks = Object.keys(answers).map((command) => aHook({ command, plugin: `of-${command}` }));
    const start = ({ command }: HookOrder) => Promise.resolve(ended({ stdout: JSON.stringify(answers[command]) }));
    const all = await runHooks(hooks, occasion, by({ start }));
    expect(all.permission).toMatchObject({ plugin: 'of-b', decision: 'deny', text: 'No.' });
    expect(all).toMatchObject({
      updatedInput: { command: 'ls' },
      context: ['x'],
      messages: [{ plugin: 'of-c', text: 'm' }],
    });
  });

  it('that cannot be started are named and hold nothing up', async () => {
    const { problems, permission } = await runHooks(
      [aHook()],
      occasion,
      by({ start: () => Promise.reject(new Error('ENOENT')) }),
    );
    expect(problems).toMatchObject([{ plugin: 'kit', event: 'PreToolUse', text: 'it could not be started (ENOENT)' }]);
    expect(permission).toBeNull();
  });

  it('know a tool of their plugin’s own server by Claude Code’s name, too', () => {
    const name = 'mcp__memory__store';
    const call = { tool_name: name, tool_input: {} };
    const chosen = (changes: Partial<OwnedHook>) =>
      hooksFor([aHook(changes)], { event: 'PreToolUse', names: [name], call }).length === 1;
    expect(chosen({ matcher: 'mcp__plugin_kit_memory__store' })).toBe(true);
    expect(chosen({ matcher: 'mcp__plugin_kit_.*' })).toBe(true);
    expect(chosen({ condition: 'mcp__plugin_kit_memory__store' })).toBe(true);
    expect(chosen({ condition: 'mcp__memory__*' })).toBe(true);
    expect(chosen({ matcher: 'mcp__plugin_other_memory__store' })).toBe(false);
    expect(chosen({ condition: 'mcp__plugin_other_memory' })).toBe(false);
  });

  it('that nobody waits for say later what they have to say, and hold nothing up', async () => {
    const late = Promise.withResolvers<HooksAnswer>();
    const said = { decision: 'block', systemMessage: 'Formatted.', hookSpecificOutput: { additionalContext: 'x' } };
    const start = () => Promise.resolve(ended({ stdout: JSON.stringify(said) }));
    const now = await runHooks([aHook({ isAsync: true })], { ...occasion, onLate: late.resolve }, by({ start }));
    expect(now).toMatchObject({ permission: null, context: [], messages: [] });
    expect(await late.promise).toMatchObject({
      permission: null,
      context: ['x'],
      messages: [{ plugin: 'kit', text: 'Formatted.' }],
    });
  });

  it('that nobody waits for are not waited for', async () => {
    const never = new Promise<HookEnd>(() => undefined);
    expect((await runHooks([aHook({ isAsync: true })], occasion, by({ start: () => never }))).problems).toEqual([]);
  });
});

describe('a broken hook of a plugin that fails closed', () => {
  const broken = by({ start: () => Promise.resolve(ended({ code: 1 })) });
  const closed = (changes: Partial<typeof occasion> | object, hooks: OwnedHook[]) =>
    runHooks(hooks, { ...occasion, failsClosed: ({ plugin }) => plugin === 'guard', ...changes }, broken);

  it('keeps a call from running, and says why', async () => {
    const { permission, problems } = await closed({}, [aHook({ plugin: 'guard' })]);
    expect(permission).toMatchObject({
      plugin: 'guard',
      decision: 'deny',
      text: 'It is broken (it ended with exit code 1), and without it this is not to be done.',
    });
    expect(problems).toMatchObject([{ text: 'it ended with exit code 1' }]);
  });

  it('does so where it says so itself, too', async () => {
    const { permission } = await runHooks([aHook({ failsClosed: true })], occasion, broken);
    expect(permission).toMatchObject({ decision: 'deny', text: expect.stringMatching(/^It is broken/) });
    expect((await runHooks([aHook()], occasion, broken)).permission).toBeNull();
  });

  it('keeps what is said from the agent', async () => {
    const event = 'UserPromptSubmit' as const;
    expect((await closed({ event }, [aHook({ plugin: 'guard', event })])).block).toMatchObject({ plugin: 'guard' });
  });

  it.each([
    ['of another plugin', {}, {}],
    ['of an event that is over', { event: 'PostToolUse' as const }, { plugin: 'guard', event: 'PostToolUse' as const }],
    ['that would have the turn go on', { event: 'Stop' as const }, { plugin: 'guard', event: 'Stop' as const }],
  ])('holds nothing up: one %s', async (_what, changes, hook) =>
    expect(await closed(changes, [aHook(hook)])).toMatchObject({
      permission: null,
      block: null,
      problems: [{ text: 'it ended with exit code 1' }],
    }),
  );

  it('is none that says something which is not followed, and none that was broken off', async () => {
    const hooks = [aHook({ plugin: 'guard' })];
    const failsClosed = (): boolean => true;
    const odd = by({ start: () => Promise.resolve(ended({ stdout: '{"retry": true}' })) });
    const cut = by({ start: () => Promise.resolve(ended({ code: null, end: 'cancel' })) });
    for (const hands of [odd, cut])
      expect((await runHooks(hooks, { ...occasion, failsClosed }, hands)).permission).toBeNull();
  });
});

describe('a hook that asks a model', () => {
  const asks = (prompt: string, changes: Partial<OwnedHook> = {}): OwnedHook =>
    aHook({ work: { type: 'prompt', prompt, model: 'haiku' }, ...changes });
  const saying = (answer: string): HookHands => by({ askModel: () => Promise.resolve(answer) });

  it.each([
    [
      'Is $ARGUMENTS fine?',
      /^Is \{"tool_name":"Bash".*"hook_event_name":"PreToolUse"\} fine\?\n\nAnswer with one JSON/,
    ],
    ['Is it fine?', /^Is it fine\?\n\n\{"tool_name":"Bash".*\}\n\nAnswer with one JSON/],
  ])('%j tells it what happens', async (prompt, asked) => {
    const questions: unknown[] = [];
    const askModel: HookHands['askModel'] = ({ signal: _signal, ...question }) => {
      questions.push(question);
      return Promise.resolve('{"ok": true}');
    };
    expect(await runHooks([asks(prompt)], occasion, by({ askModel }))).toMatchObject({
      permission: null,
      problems: [],
    });
    expect(questions).toEqual([{ prompt: expect.stringMatching(asked), model: 'haiku' }]);
  });

  it('blocks by a no, also by one with words around it', async () => {
    const no = saying('Well:\n```json\n{ "ok": false, "reason": "It pushes." }\n```');
    const before = await runHooks([asks('Fine?')], occasion, no);
    expect(before.permission).toMatchObject({ decision: 'deny', text: 'It pushes.' });
    const after = await runHooks([asks('Done?', { event: 'Stop' })], { ...occasion, event: 'Stop' }, no);
    expect(after).toMatchObject({ permission: null, block: { text: 'It pushes.' } });
  });

  it('lets a turn end that cannot be what it asks for', async () => {
    const never = saying('{"ok": false, "impossible": true, "reason": "There is no oven."}');
    expect((await runHooks([asks('Hot?', { event: 'Stop' })], { ...occasion, event: 'Stop' }, never)).block).toBeNull();
    expect((await runHooks([asks('Hot?')], occasion, never)).permission).toMatchObject({ decision: 'deny' });
  });

  it.each([['Yes, it is fine.'], ['{"ok": "yes"}'], ['']])('is broken where that says %j', async (answer) =>
    expect(await runHooks([asks('Fine?')], occasion, saying(answer))).toMatchObject({
      permission: null,
      problems: [{ text: 'the model answered with something else than {"ok": …}' }],
    }),
  );

  it('does not wait for ever, and is named when there is none', async () => {
    const askModel = () => new Promise<string>(() => undefined);
    const { problems } = await runHooks([asks('Fine?', { timeoutMs: 10 })], occasion, by({ askModel }));
    expect(problems).toMatchObject([{ text: 'it did not end within 0.01 s and was ended' }]);
    expect((await runHooks([asks('Fine?')], occasion, by({}))).problems).toMatchObject([
      { text: 'it could not be asked (there is none)' },
    ]);
    const broken = AbortSignal.abort();
    const stopped = { ...occasion, signal: broken };
    expect((await runHooks([asks('Fine?')], stopped, by({ askModel }))).problems).toEqual([]);
  });
});

describe('a hook that has an agent look', () => {
  const looks = aHook({ work: { type: 'agent', prompt: 'Fine?', model: null } });
  const finding = (answer: string): HookHands =>
    by({ runAgent: ({ plugin, model }) => Promise.resolve({ answer, deeds: `${plugin} looked with ${model}.` }) });

  it('counts as one that asks a model, and what it did is told', async () => {
    const no = await runHooks([looks], occasion, finding('{"ok": false, "reason": "It pushes."}'));
    expect(no.permission).toMatchObject({ decision: 'deny', text: 'It pushes.' });
    expect(no.messages).toMatchObject([{ plugin: 'kit', text: 'kit looked with null.' }]);
    expect((await runHooks([looks], occasion, finding('{"ok": true}'))).permission).toBeNull();
    expect((await runHooks([looks], occasion, finding('Fine.'))).problems).toMatchObject([
      { text: 'the model answered with something else than {"ok": …}' },
    ]);
  });

  it('has its time, is named where that ran out, and not where it was broken off', async () => {
    const asked: number[] = [];
    const runAgent: HookHands['runAgent'] = ({ timeoutMs }) => {
      asked.push(timeoutMs);
      return Promise.resolve(null);
    };
    expect((await runHooks([looks], occasion, by({ runAgent }))).problems).toMatchObject([
      { text: 'it did not end within 1 s and was ended' },
    ]);
    expect(asked).toEqual([1_000]);
    const stopped = { ...occasion, signal: AbortSignal.abort() };
    expect((await runHooks([looks], stopped, by({ runAgent }))).problems).toEqual([]);
  });

  it('holds nothing up where there can be none', async () =>
    expect(await runHooks([looks], occasion, by({}))).toMatchObject({
      permission: null,
      problems: [{ text: 'it could not be run (there is none)' }],
    }));
});

describe('a hook that calls a tool', () => {
  const input = {
    file: '${tool_input.path}',
    deep: ['${tool_name}', 7],
    whole: '${tool_input}',
    none: '${tool_input.x.y}',
  };
  const calls = aHook({ work: { type: 'mcp_tool', server: 'memory', tool: 'store', input } });

  it('gives it parts of what happens, and its text counts as what a command prints', async () => {
    const asked: unknown[] = [];
    const callTool: HookHands['callTool'] = ({ signal: _signal, ...call }) => {
      asked.push(call);
      return Promise.resolve('{"hookSpecificOutput": {"permissionDecision": "ask"}}');
    };
    const told = { tool_name: 'Write', tool_input: { path: '/a' } };
    const answer = await runHooks([calls], { ...occasion, call: told, fields: told }, by({ callTool }));
    expect(asked).toEqual([
      {
        server: 'memory',
        tool: 'store',
        input: { file: '/a', deep: ['Write', 7], whole: '{"path":"/a"}', none: '' },
      },
    ]);
    expect(answer.permission).toMatchObject({ decision: 'ask' });
  });

  it('holds nothing up when that fails', async () =>
    expect(await runHooks([calls], occasion, by({}))).toMatchObject({
      permission: null,
      problems: [{ text: 'it could not be called (there is none)' }],
    }));
});
