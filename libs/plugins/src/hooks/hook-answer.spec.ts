import { describe, expect, it } from 'vitest';
import { type HookAnswer, type HookEnd, NO_ANSWER, readHookAnswer } from './hook-answer.js';
import { HOOK_EVENTS, type HookEvent, isHookEvent } from './hook-events.js';
import { HOOK_ANSWERS, HOOK_EXITS, UNFOLLOWED_ANSWERS } from './hook-tables.js';

const LIMITS = { timeoutMs: 5_000, maxBytes: 1_048_576 };

function read(event: HookEvent, end: Partial<HookEnd>): HookAnswer {
  return readHookAnswer(event, { code: 0, end: 'exit', stdout: '', stderr: '', ...end }, LIMITS);
}

const json = (event: HookEvent, answer: object): HookAnswer => read(event, { stdout: JSON.stringify(answer) });
const own = (event: HookEvent, fields: object): HookAnswer =>
  json(event, { hookSpecificOutput: { hookEventName: event, ...fields } });
const answer = (changes: Partial<HookAnswer>): HookAnswer => ({ ...NO_ANSWER, ...changes });
const broken = (problem: string): HookAnswer => answer({ problem, isBroken: true });

type Check = () => void;

/** A test for each line of the table: a line without one does not compile. */
const EXITS: Record<Exclude<keyof typeof HOOK_EXITS, 'none, it cannot be started'>, Check> = {
  '0': () => {
    expect(read('SessionStart', { stdout: ' Branch: main\n' })).toEqual(answer({ context: ['Branch: main'] }));
    expect(read('PostToolUse', { stdout: 'formatted' })).toEqual(NO_ANSWER);
    expect(read('PreToolUse', { stdout: '{ "decision": ' }).problem).toBe('what it printed begins as JSON and is none');
  },
  '2': () => {
    const ended = { code: 2, stdout: '{"decision":"approve"}', stderr: 'No.\n' };
    expect(read('PreToolUse', ended)).toEqual(answer({ permission: { decision: 'deny', reason: 'No.' } }));
    expect(read('Stop', ended)).toEqual(answer({ block: 'No.' }));
    expect(read('Stop', { code: 2 })).toEqual(answer({ block: 'It gave no reason.' }));
    expect(read('PermissionRequest', { code: 2, stderr: 'No.' })).toEqual(broken('it ended with exit code 2: No.'));
    const output = { permissionDecision: 'allow', updatedInput: { command: 'ls' }, additionalContext: 'x' };
    const allows = { ...ended, stdout: JSON.stringify({ hookSpecificOutput: output }) };
    expect(read('PreToolUse', allows)).toEqual(
      answer({ permission: { decision: 'deny', reason: 'No.' }, context: ['x'] }),
    );
    const denies = { hookSpecificOutput: { permissionDecision: 'deny', permissionDecisionReason: 'By JSON.' } };
    expect(read('PreToolUse', { ...ended, stdout: JSON.stringify(denies) }).permission?.reason).toBe('By JSON.');
    const blocks = JSON.stringify({ decision: 'block', reason: 'By JSON.', systemMessage: 'Look.' });
    expect(read('Stop', { ...ended, stdout: blocks })).toEqual(answer({ block: 'By JSON.', message: 'Look.' }));
  },
  'any other': () => {
    const ended = { code: 1, stdout: 'decision: block', stderr: 'jq: not found\nmore' };
    expect(read('PreToolUse', ended)).toEqual(broken('it ended with exit code 1: jq: not found'));
    const denies = JSON.stringify({ decision: 'block', reason: 'No.' });
    expect(read('PreToolUse', { ...ended, stdout: denies })).toEqual(
      answer({ permission: { decision: 'deny', reason: 'No.' } }),
    );
    expect(read('Stop', { ...ended, stdout: '{"error": "oops"}' }).isBroken).toBe(true);
    expect(read('Stop', { ...ended, stdout: '{"decision": ' }).isBroken).toBe(true);
    expect(read('Stop', { code: null }).problem).toBe('it ended with a signal');
  },
  'none within its time': () =>
    expect(read('Stop', { code: null, end: 'timeout' })).toEqual(broken('it did not end within 5 s and was ended')),
  'more than 1 MB printed': () =>
    expect(read('Stop', { code: null, end: 'limit', stdout: 'x' })).toEqual(
      broken('it printed more than 1024 KB and was ended'),
    ),
};

describe('a hook that ends with', () => {
  it.each(Object.entries(EXITS))('%s', (_line, check) => check());
});

const ANSWERS: Record<keyof typeof HOOK_ANSWERS, Check> = {
  continue: () => {
    expect(json('PostToolUse', { continue: false })).toEqual(answer({ stop: 'It gave no reason.' }));
    expect(json('PostToolUse', { continue: true })).toEqual(NO_ANSWER);
    for (const event of ['Notification', 'StopFailure', 'PostCompact', 'PostModelSwitch', 'SessionEnd'] as const)
      expect(json(event, { continue: false })).toEqual(NO_ANSWER);
  },
  stopReason: () =>
    expect(json('Stop', { continue: false, stopReason: 'Budget.' })).toEqual(answer({ stop: 'Budget.' })),
  suppressOutput: () => expect(json('SessionStart', { suppressOutput: true })).toEqual(NO_ANSWER),
  systemMessage: () => expect(json('Stop', { systemMessage: 'Done.' })).toEqual(answer({ message: 'Done.' })),
  decision: () => {
    expect(json('Stop', { decision: 'block' })).toEqual(answer({ block: 'It gave no reason.' }));
    expect(json('PreToolUse', { decision: 'approve' }).permission?.decision).toBe('allow');
    expect(json('Stop', { decision: 'approve' })).toEqual(NO_ANSWER);
    expect(json('PermissionRequest', { decision: 'block' })).toEqual(
      answer({ problem: 'of its answer is not followed: decision' }),
    );
  },
  reason: () =>
    expect(json('PreToolUse', { decision: 'block', reason: 'No.' })).toEqual(
      answer({ permission: { decision: 'deny', reason: 'No.' } }),
    ),
  'hookSpecificOutput.hookEventName': () =>
    expect(json('Stop', { hookSpecificOutput: { hookEventName: 'PreToolUse', additionalContext: 'x' } })).toEqual(
      broken('its answer is for "PreToolUse" and not for Stop'),
    ),
  'hookSpecificOutput.permissionDecision': () => {
    for (const decision of ['allow', 'ask', 'deny'] as const)
      expect(own('PreToolUse', { permissionDecision: decision }).permission?.decision).toBe(decision);
    expect(own('PostToolUse', { permissionDecision: 'deny' }).permission).toBeNull();
  },
  'hookSpecificOutput.permissionDecisionReason': () =>
    expect(
      own('PreToolUse', { permissionDecision: 'ask', permissionDecisionReason: 'Production.' }).permission,
    ).toEqual({ decision: 'ask', reason: 'Production.' }),
  'hookSpecificOutput.updatedInput': () =>
    expect(own('PreToolUse', { updatedInput: { command: 'ls' } }).updatedInput).toEqual({ command: 'ls' }),
  'hookSpecificOutput.additionalContext': () =>
    expect(own('UserPromptSubmit', { additionalContext: 'It is Friday.' }).context).toEqual(['It is Friday.']),
  'hookSpecificOutput.updatedToolOutput': () => {
    const outputOf = (updatedToolOutput: unknown) => own('PostToolUse', { updatedToolOutput }).updatedOutput;
    expect(outputOf('Short.')).toBe('Short.');
    expect(outputOf({ stdout: 'Short.', stderr: 'But.', interrupted: false })).toBe('Short.\nBut.');
    expect(outputOf({ type: 'text', file: { filePath: '/a', content: 'Short.' } })).toBe('Short.');
    expect(outputOf({ content: [{ type: 'text', text: 'Short.' }] })).toBe('Short.');
    expect(outputOf({ filePath: '/a', success: true })).toBe('{"filePath":"/a","success":true}');
  },
  'hookSpecificOutput.updatedMCPToolOutput': () =>
    expect(own('PostToolUse', { updatedMCPToolOutput: [{ type: 'text', text: 'a' }] }).updatedOutput).toBe('a'),
  'hookSpecificOutput.decision': () => {
    const decision = { behavior: 'deny', message: 'Not now.', interrupt: true };
    expect(own('PermissionRequest', { decision })).toEqual(
      answer({ permission: { decision: 'deny', reason: 'Not now.' }, stop: 'Not now.' }),
    );
    expect(own('PermissionRequest', { decision: { behavior: 'allow' } })).toEqual(NO_ANSWER);
  },
  'hookSpecificOutput.sessionTitle': () =>
    expect(own('SessionStart', { sessionTitle: 'Release' }).title).toBe('Release'),
  'hookSpecificOutput.action': () => {
    expect(own('Elicitation', { action: 'decline' }).action).toBe('decline');
    expect(own('ElicitationResult', { action: 'cancel' }).action).toBe('cancel');
    expect(own('Elicitation', { action: 'accept' })).toEqual(
      answer({ problem: 'of its answer is not followed: action: "accept"' }),
    );
  },
};

describe("a hook's JSON", () => {
  it.each(Object.entries(ANSWERS))('%s', (_line, check) => check());

  it.each(Object.keys(UNFOLLOWED_ANSWERS))('is not followed and named: %s', (line) => {
    const [name = '', value] = line.split(': ');
    const [outer = '', inner] = name.split('.');
    const event = inner === undefined ? 'PreToolUse' : 'PermissionRequest';
    const { problem } = own(event, { [outer]: inner === undefined ? (value ?? 'x') : { [inner]: {} } });
    expect(problem).toMatch(/^of its answer is not followed: /);
    expect(problem).toContain(inner ?? outer);
  });

  it('is cut where a text has no end', () =>
    expect(json('Stop', { systemMessage: 'x'.repeat(20_000) }).message).toHaveLength(10_001));
});

describe('the events', () => {
  it('that have a matcher, a time of their own or read plain text are those that happen here', () => {
    const here = Object.keys(HOOK_EVENTS).filter(isHookEvent);
    expect(here).toHaveLength(19);
    const readers = here.filter((event) => read(event, { stdout: 'x' }).context.length === 1);
    expect(readers).toEqual(['SessionStart', 'UserPromptSubmit', 'UserPromptExpansion', 'PostModelSwitch']);
  });
});
