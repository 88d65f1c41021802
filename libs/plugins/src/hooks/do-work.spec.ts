import { describe, expect, it } from 'vitest';
import { aHook, by, occasion } from '../../testing/hook-fixture.js';
import type { HookHands } from './do-work.js';
import type { OwnedHook } from './hook.js';
import { runHooks } from './run-hooks.js';

describe('a hook that asks a model', () => {
  const asks = (prompt: string, changes: Partial<OwnedHook> = {}): OwnedHook =>
    aHook({ work: { type: 'prompt', prompt, model: 'haiku', continueOnBlock: false }, ...changes });
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

  it.each([
    ['PreToolUse', { permission: { decision: 'deny', text: 'No.' } }, true],
    ['PostToolUse', { block: { text: 'No.' } }, true],
    ['PostToolUseFailure', { block: { text: 'No.' } }, false],
    ['Stop', { block: { text: 'No.' } }, false],
  ] as const)('by a no at %s ends the turn unless it is to go on', async (event, no, ends) => {
    const says = saying('{"ok": false, "reason": "No."}');
    const at = { ...occasion, event };
    const ended = await runHooks([asks('Fine?', { event })], at, says);
    expect(ended).toMatchObject({ ...no, stop: ends ? { text: 'No.' } : null });
    const work = { type: 'prompt' as const, prompt: 'Fine?', model: null, continueOnBlock: true };
    expect(await runHooks([aHook({ event, work })], at, says)).toMatchObject({ ...no, stop: null });
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
    expect(no).toMatchObject({ permission: { decision: 'deny', text: 'It pushes.' }, stop: null });
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
