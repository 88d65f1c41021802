import { describe, expect, it } from 'vitest';
import type { OwnedHook } from './hook.js';
import type { HookEnd } from './hook-answer.js';
import { matcherOf } from './matcher.js';
import { type HookOrder, hooksFor, runHooks } from './run-hooks.js';

function aHook(changes: Partial<OwnedHook> & { matcher?: string } = {}): OwnedHook {
  return {
    event: 'PreToolUse',
    matcher: '',
    matches: matcherOf(changes.matcher ?? ''),
    condition: null,
    command: 'check',
    args: null,
    timeoutMs: 1_000,
    isAsync: false,
    plugin: 'kit',
    root: '/plugins/kit',
    ...changes,
  };
}

const bash = { tool_name: 'Bash', tool_input: { command: 'git push && ls' } };
const occasion = { event: 'PreToolUse' as const, names: ['Bash'], call: bash, fields: bash, projectDir: '/work' };
const ended = (changes: Partial<HookEnd> = {}): HookEnd => ({
  code: 0,
  end: 'exit',
  stdout: '',
  stderr: '',
  ...changes,
});

describe('a matcher', () => {
  it.each([
    ['', 'Bash', true],
    ['*', 'Bash', true],
    ['Bash', 'Bash', true],
    ['Bash', 'BashOutput', false],
    ['bash', 'Bash', false],
    ['Edit|Write', 'Write', true],
    ['Edit, Write', 'Write', true],
    ['mcp__.*__write', 'mcp__files__write', true],
    ['^Note', 'NotebookEdit', true],
    ['Edit.*', 'MultiEdit', true],
  ])('%j for %s: %s', (matcher, name, isFor) => expect(matcherOf(matcher)([name])).toBe(isFor));

  it('that is no regular expression is refused, as is one without end', () => {
    expect(() => matcherOf('(')).toThrow(SyntaxError);
    expect(() => matcherOf('.'.repeat(1_001))).toThrow(SyntaxError);
  });

  it.each([['(a+)+$'], ['(a|a)*$'], ['(.*)\\1'], ['.*.*.*.*x'], ['(?=a)']])(
    'that could take for ever is refused: %s',
    (matcher) => expect(() => matcherOf(matcher)).toThrow('it could take for ever'),
  );
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
    expect(hooksFor(hooks, occasion).map(({ command, root }) => `${command} ${root}`)).toEqual([
      'check /plugins/kit',
      'check /plugins/other',
      'c /plugins/kit',
    ]);
  });

  it('run all at once, with Claude Code’s JSON and places; a line of shell reads the places itself', async () => {
    const orders: HookOrder[] = [];
    const hooks = [
      aHook({ command: '"${CLAUDE_PLUGIN_ROOT}"/x.sh' }),
      aHook({ command: 'node', args: ['${CLAUDE_PLUGIN_ROOT}/x.js', '${CLAUDE_PROJECT_DIR}', '${HOME}'] }),
    ];
    const both = Promise.withResolvers<undefined>();
    await runHooks(hooks, occasion, async (order) => {
      if (orders.push(order) === hooks.length) both.resolve(undefined);
      await both.promise;
      return ended();
    });
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
    const all = await runHooks(hooks, occasion, ({ command }) =>
      Promise.resolve(ended({ stdout: JSON.stringify(answers[command]) })),
    );
    expect(all.permission).toMatchObject({ plugin: 'of-b', decision: 'deny', text: 'No.' });
    expect(all).toMatchObject({
      updatedInput: { command: 'ls' },
      context: ['x'],
      messages: [{ plugin: 'of-c', text: 'm' }],
    });
  });

  it('that cannot be started are named and hold nothing up', async () => {
    const { problems, permission } = await runHooks([aHook()], occasion, () => Promise.reject(new Error('ENOENT')));
    expect(problems).toMatchObject([{ plugin: 'kit', event: 'PreToolUse', text: 'it could not be started (ENOENT)' }]);
    expect(permission).toBeNull();
  });

  it('that nobody waits for are not waited for', async () => {
    const never = new Promise<HookEnd>(() => undefined);
    expect((await runHooks([aHook({ isAsync: true })], occasion, () => never)).problems).toEqual([]);
  });
});
