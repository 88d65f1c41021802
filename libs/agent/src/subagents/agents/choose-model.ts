import type { ModelRef } from '@pizzapi/protocol';
import { ModelUnknownError } from '../../errors/agent-error.js';

/** A model that can be used here. */
export interface UsableModel extends ModelRef {
  name: string;
}

export interface ChosenModel {
  model: ModelRef;
  /** A sentence where the agent gets another model than its file names. */
  note: string | null;
}

/** Claude Code's names for "the newest of its kind". */
const ALIASES = new Set(['sonnet', 'haiku', 'opus']);

/**
 * The model for an agent's file: its own, or the session's. An alias names a kind: the newest of that kind, the session's provider first, and
 * the session's model where there is none of it, so that agents made for Claude Code run everywhere.
 * @throws ModelUnknownError when a model is named that is not set up here
 */
export function chooseModel(wanted: string | null, session: ModelRef, usable: readonly UsableModel[]): ChosenModel {
  if (wanted === null || wanted === 'inherit') return { model: session, note: null };
  if (!ALIASES.has(wanted)) return { model: named(wanted, session, usable), note: null };
  const ofKind = usable.filter(({ id }) => id.toLowerCase().includes(wanted)).sort(newestFirst);
  const chosen = ofKind.find(({ provider }) => provider === session.provider) ?? ofKind[0];
  if (chosen) return { model: refOf(chosen), note: null };
  return { model: session, note: `No model of the kind "${wanted}" is set up here: it runs with the session's.` };
}

/** `provider/id`, or an id; ids themselves may hold slashes. */
function named(wanted: string, session: ModelRef, usable: readonly UsableModel[]): ModelRef {
  const exact = usable.find(({ provider, id }) => `${provider}/${id}` === wanted);
  const byId = usable.filter(({ id }) => id === wanted);
  const chosen = exact ?? byId.find(({ provider }) => provider === session.provider) ?? byId[0];
  if (chosen) return refOf(chosen);
  const slash = wanted.indexOf('/');
  throw new ModelUnknownError(slash === -1 ? session.provider : wanted.slice(0, slash), wanted.slice(slash + 1));
}

/** `claude-sonnet-5` before `claude-sonnet-4-5-20250929`: by the numbers in the ids, a date counting last. */
function newestFirst(a: UsableModel, b: UsableModel): number {
  return compare(versionOf(b), versionOf(a)) || a.id.localeCompare(b.id);
}

function versionOf({ id }: UsableModel): number[] {
  return (id.match(/\d+/g) ?? []).map(Number).filter((part) => part < 1_000);
}

function compare(a: readonly number[], b: readonly number[]): number {
  for (let at = 0; at < Math.max(a.length, b.length); at += 1) {
    const difference = (a[at] ?? 0) - (b[at] ?? 0);
    if (difference !== 0) return difference;
  }
  return 0;
}

function refOf({ provider, id }: ModelRef): ModelRef {
  return { provider, id };
}
