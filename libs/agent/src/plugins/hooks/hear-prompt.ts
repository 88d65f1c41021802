import { randomUUID } from 'node:crypto';
import type { HooksAnswer } from '@pizzapi/plugins';
import type { SessionHooks } from './session-hooks.js';

/** A message of pi's that only the model reads. */
export const CONTEXT_MESSAGE = 'plugin-context';

/** What hooks make of what is said to the agent. */
export interface HeardPrompt {
  /** It must not reach the agent; people are told why. */
  isBlocked: boolean;
  /** The turn is to end. */
  isOver: boolean;
  /** What the model is told besides. */
  context: string[];
}

/** Asks the hooks about what is said, before a turn or into one. @param setName names the session */
export async function hearPrompt(
  hooks: SessionHooks,
  prompt: string,
  setName: (name: string) => void,
): Promise<HeardPrompt> {
  const promptId = randomUUID();
  const { title } = hooks.facts;
  const said = await hooks.run('UserPromptSubmit', {
    fields: { prompt, ...(title !== null && { session_title: title }) },
    promptId,
  });
  if (said.title !== null) setName(said.title.slice(0, 200));
  const found = heard(hooks, said);
  // The agent does not work on what never reaches it.
  if (!found.isBlocked) hooks.nowWorksOn(promptId);
  return { ...found, context: said.context };
}

/** Whether a hook keeps it from the agent; people are told why. */
export function heard(hooks: SessionHooks, { block, stop }: HooksAnswer): Omit<HeardPrompt, 'context'> {
  if (block) hooks.note('blocked', block);
  return { isBlocked: block !== null || stop !== null, isOver: stop !== null };
}
