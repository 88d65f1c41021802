import { createContext, Script } from 'node:vm';

/** Names alone, divided by `|` or commas: each stands for itself. Anything else is a regular expression. */
const NAMES = /^[\w\s|,-]*$/;
/** Longer ones are nobody's. */
const MAX_LENGTH = 1_000;
/** Of the names that are matched. */
const MAX_NAME = 200;
/** What may take exponential time: a repeated group, a look around, a word that came before. And how much else may be repeated, each once more power of the name's length. */
const COSTLY = /\)[*+{]|\(\?[=!<]|\\[1-9k]/;
const MAX_REPEATS = 3;
/** For one name, in ms. */
const MAX_TIME_MS = 100;

/** Whether a hook is for an event that goes by one of these names. @throws SyntaxError for a matcher that is no regular expression */
export function matcherOf(matcher: string): (names: readonly string[]) => boolean {
  if (matcher === '' || matcher === '*') return () => true;
  if (matcher.length > MAX_LENGTH) throw new SyntaxError(`it has more than ${MAX_LENGTH} characters`);
  if (NAMES.test(matcher)) {
    const wanted = new Set(matcher.split(/[|,]/).map((name) => name.trim()));
    return (names) => names.some((name) => wanted.has(name));
  }
  const pattern = new RegExp(matcher);
  const isCostly = COSTLY.test(matcher) || (matcher.match(/[*+{]/g) ?? []).length > MAX_REPEATS;
  const test = isCostly ? inTime(pattern) : (name: string) => pattern.test(name);
  return (names) => names.some((name) => test(name.slice(0, MAX_NAME)));
}

/** One that takes for ever matches: a guard that runs too often is better than one that never does. */
function inTime(pattern: RegExp): (name: string) => boolean {
  const place = createContext({ pattern, name: '' });
  const test = new Script('pattern.test(name)');
  return (name) => {
    Object.assign(place, { name });
    try {
      return test.runInContext(place, { timeout: MAX_TIME_MS }) === true;
    } catch (error) {
      if (codeOf(error) === 'ERR_SCRIPT_EXECUTION_TIMEOUT') return true;
      throw error;
    }
  };
}

/** It may be an error of the other context, which is no Error here. */
function codeOf(error: unknown): unknown {
  return typeof error === 'object' && error !== null && 'code' in error ? error.code : null;
}
