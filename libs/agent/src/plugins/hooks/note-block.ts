import type { HooksAnswer } from '@pizzapi/plugins';
import type { SessionHooks } from './session-hooks.js';

/** Where nothing can be held up any more, people are told what it says. */
export function noteBlock(hooks: SessionHooks, { block }: HooksAnswer): void {
  if (block) hooks.note('said', block);
}
