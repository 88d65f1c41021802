import { describe, expect, it } from 'vitest';
import { aHook, bash, by, ended, occasion } from '../../testing/hook-fixture.js';
import type { OwnedHook } from './hook.js';
import type { HookEnd } from './hook-answer.js';
import type { HookOrder } from './hook-order.js';
import { hooksFor, type HooksAnswer, runHooks } from './run-hooks.js';

describe('hooks', () => {
  it('are chosen by event, matcher and condition, each command of a plugin once', () => {
    const hooks = [
      aHook(),
      aHook({ matcher: 'Bash' }),
      aHook({ root: '/plugins/other' }),
      aHook({ failsClosed: true }),
      aHook({ isAsync: true }),
      aHook({ command: 'a', event: 'Stop' }),
      aHook({ command: 'b', matcher: 'Edit' }),
      aHook({ command: 'c', condition: 'Bash(git push *)' }),
      aHook({ command: 'd', condition: 'Bash(npm *)' }),
    ];
    const chosen = hooksFor(hooks, occasion).map(({ work, root }) => [work.type === 'command' && work.command, root]);
    expect(chosen).toEqual([
      ['check', '/plugins/kit'],
      ['check', '/plugins/other'],
      ['check', '/plugins/kit'],
      ['check', '/plugins/kit'],
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
    await runHooks(hooks, { ...occasion, effort: 'low' }, by({ start }));
    expect(orders[2]?.env['CLAUDE_EFFORT']).toBe('low');
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

  it.each([
    [{ stderr: 'Red.', stdout: 'x' }, 'Red.'],
    [{ stdout: 'Green.' }, 'Green.'],
    [{}, 'It gave no reason.'],
  ])('that may wake the agent do so by exit code 2: %j', async (end, words) => {
    const wakes = { message: null, summary: 'Built' };
    const late = async (code: number): Promise<HooksAnswer> => {
      const told = Promise.withResolvers<HooksAnswer>();
      const start = () => Promise.resolve(ended({ ...end, code }));
      await runHooks([aHook({ isAsync: true, wakes })], { ...occasion, onLate: told.resolve }, by({ start }));
      return told.promise;
    };
    expect((await late(2)).wakes).toMatchObject([{ plugin: 'kit', text: words, summary: 'Built' }]);
    expect((await late(0)).wakes).toEqual([]);
    expect((await late(1)).wakes).toEqual([]);
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
