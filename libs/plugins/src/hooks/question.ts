import { isRecord, parsed } from '../manifest.js';

const INSTRUCTION =
  'Answer with one JSON object and nothing else: {"ok": true}, or {"ok": false, "reason": "why not, in a sentence"}.';

/** The question of a hook, with what it is told. */
export function questionOf(prompt: string, input: string): string {
  const told = input.trim();
  const asked = prompt.includes('$ARGUMENTS') ? prompt.replaceAll('$ARGUMENTS', () => told) : `${prompt}\n\n${told}`;
  return `${asked}\n\n${INSTRUCTION}`;
}

/** The yes or no in what a model says, also where it says more around it; null: there is none. */
export function verdictIn(answer: string): { ok: boolean; reason: string; isImpossible: boolean } | null {
  const text = answer.slice(answer.indexOf('{'), answer.lastIndexOf('}') + 1);
  const verdict = parsed(text);
  if (!isRecord(verdict) || typeof verdict['ok'] !== 'boolean') return null;
  const { ok, reason, impossible } = verdict;
  return {
    ok,
    reason: typeof reason === 'string' && reason.trim() !== '' ? reason.trim() : 'It gave no reason.',
    isImpossible: impossible === true,
  };
}
