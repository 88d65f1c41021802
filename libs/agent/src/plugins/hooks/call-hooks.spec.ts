import { SessionManager } from '@earendil-works/pi-coding-agent';
import type { HookEnd, OwnedHook } from '@pizzapi/plugins';
import { expect, it } from 'vitest';
import { callHooks, hooksLet } from './call-hooks.js';
import { SessionHooks } from './session-hooks.js';

const none = () => Promise.reject(new Error('there is none'));
const command = { type: 'command' as const, command: 'guard', args: null };

/** The hooks of a plugin, whose commands print this. */
function hooksThat(stdout: object, work: OwnedHook['work'] = command): SessionHooks {
  const end: HookEnd = { code: 0, end: 'exit', stdout: JSON.stringify(stdout), stderr: '' };
  const hook: OwnedHook = {
    event: 'PreToolUse',
    matcher: 'mcp__memory__store',
    matches: (names) => names.includes('mcp__memory__store'),
    condition: null,
    work,
    timeoutMs: 1_000,
    isAsync: false,
    plugin: 'guard',
    root: '/guard',
  };
  const hands = {
    start: () => Promise.resolve(end),
    askModel: none,
    runAgent: () => Promise.resolve({ answer: '{"ok": false, "reason": "No."}', deeds: 'It looked.' }),
    callTool: () => Promise.resolve(JSON.stringify(stdout)),
  };
  return new SessionHooks({ manager: SessionManager.inMemory(), sessionId: 's', hooks: () => [hook], hands });
}
const call = { toolName: 'mcp__memory__store', args: {}, cwd: '/work' };
const decides = (permissionDecision: string) => ({ hookSpecificOutput: { permissionDecision } });

it.each([
  ['nothing', {}, true],
  ['allow', decides('allow'), true],
  ['ask', decides('ask'), false],
  ['deny', decides('deny'), false],
  ['an end of the turn', { continue: false }, false],
  ['other arguments', { hookSpecificOutput: { updatedInput: {} } }, false],
])('a call of a hook on which another hook says %s: %s', async (_what, answer, isLet) =>
  expect(await hooksLet(hooksThat(answer), call)).toBe(isLet),
);

it('what the agent of a hook does is not looked at by hooks that make calls themselves', async () => {
  const judging = (work?: OwnedHook['work']) => callHooks(hooksThat(decides('deny'), work), () => undefined);
  const agent = { type: 'agent' as const, prompt: 'Fine?', model: null };
  const tool = { type: 'mcp_tool' as const, server: 'memory', tool: 'store', input: {} };
  const caller = { toolCallId: 'hook kit', signal: undefined, agent: 'hook of kit', isOfHook: true };
  for (const work of [agent, tool]) {
    expect(await judging(work).before(call, { ...caller, isOfHook: false })).toMatchObject({
      blockedBy: expect.stringContaining('denies'),
    });
    expect(await judging(work).before(call, caller)).toMatchObject({ blockedBy: null });
    expect(await judging(work).asking(call, caller)).toBeNull();
  }
  expect(await judging().before(call, caller)).toMatchObject({ blockedBy: expect.stringContaining('denies') });
});

it('a hook that calls a tool does not ask itself', async () => {
  const work = { type: 'mcp_tool' as const, server: 'memory', tool: 'store', input: {} };
  expect(await hooksLet(hooksThat(decides('deny'), work), call)).toBe(true);
});
