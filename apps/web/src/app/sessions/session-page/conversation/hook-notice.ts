import type { HookNotice } from '@pizzapi/protocol';
import { has } from '../../../core/shape';

/** A transcript notice about the outcome of a plugin's hook. */
export function isHookNotice(value: unknown): value is HookNotice {
  return has(value, 'role', 'plugin', 'event', 'outcome', 'text') && value.role === 'pluginHook';
}

const DEEDS: Record<HookNotice['outcome'], string> = {
  said: 'says',
  blocked: 'kept this from happening',
  stopped: 'ended the turn',
  failed: 'has a broken hook',
};
/** Characters that stand beside the heading. */
const SHORT = 200;

/** Its text for people: a short one is shown at once, a long one on demand. */
export function hookWords({ plugin, event, outcome, text }: HookNotice): {
  title: string;
  words: string;
  text: string;
  isBad: boolean;
} {
  const isShort = text.length <= SHORT && !text.includes('\n');
  return {
    title: `The plugin ${plugin} ${DEEDS[outcome]} at ${event}`,
    words: isShort ? text : '',
    text: isShort ? '' : text,
    isBad: outcome === 'failed',
  };
}
