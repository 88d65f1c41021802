import type { HookHands } from '../src/hooks/do-work.js';
import type { HookEnd } from '../src/hooks/hook-answer.js';
import type { OwnedHook } from '../src/hooks/hook.js';
import { matcherOf } from '../src/hooks/matcher.js';

/** A hook of the type `command`, unless it has other work. */
export function aHook({
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

export const bash = { tool_name: 'Bash', tool_input: { command: 'git push && ls' } };
export const occasion = {
  event: 'PreToolUse' as const,
  names: ['Bash'],
  call: bash,
  fields: bash,
  projectDir: '/work',
};
const none = () => Promise.reject(new Error('there is none'));
export const by = (hands: Partial<HookHands>): HookHands => ({
  start: none,
  askModel: none,
  runAgent: none,
  callTool: none,
  ...hands,
});
export const ended = (changes: Partial<HookEnd> = {}): HookEnd => ({
  code: 0,
  end: 'exit',
  stdout: '',
  stderr: '',
  ...changes,
});
