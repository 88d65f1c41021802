import type { ExtensionFactory } from '@earendil-works/pi-coding-agent';
import type { SigilSource } from './sigil-source.js';
import { describeSigils } from './sigil-text.js';

/** pi wraps the section in a tag of this name, and sends the model only what changed of it since the turn before. */
const SECTION = 'sigils';

/** Tells the agent before each turn which sigils the services of its runner draw. */
export function teachSigils(sigils: SigilSource): ExtensionFactory {
  return (pi) => {
    pi.on('before_agent_start', async ({ systemPromptOptions }) => {
      const text = describeSigils(await sigils.current());
      if (text !== null) systemPromptOptions.sections[SECTION] = text;
    });
  };
}
