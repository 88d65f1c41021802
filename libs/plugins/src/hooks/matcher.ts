/** Names alone, divided by `|` or commas: each stands for itself. Anything else is a regular expression. */
const NAMES = /^[\w\s|,-]*$/;
/** Longer ones are nobody's. */
const MAX_LENGTH = 1_000;
/** Of the names that are matched. */
const MAX_NAME = 200;
/** What may take exponential time: a repeated group, a look around, a word that came before. And how much else may be repeated, each once more power of the name's length. */
const COSTLY = /\)[*+{]|\(\?[=!<]|\\[1-9k]/;
const MAX_REPEATS = 3;

/** Whether a hook is for an event that goes by one of these names. @throws SyntaxError for a matcher that is no regular expression */
export function matcherOf(matcher: string): (names: readonly string[]) => boolean {
  if (matcher === '' || matcher === '*') return () => true;
  if (matcher.length > MAX_LENGTH) throw new SyntaxError(`it has more than ${MAX_LENGTH} characters`);
  if (NAMES.test(matcher)) {
    const wanted = new Set(matcher.split(/[|,]/).map((name) => name.trim()));
    return (names) => names.some((name) => wanted.has(name));
  }
  if (COSTLY.test(matcher) || (matcher.match(/[*+{]/g) ?? []).length > MAX_REPEATS)
    throw new SyntaxError('it could take for ever');
  const pattern = new RegExp(matcher);
  return (names) => names.some((name) => pattern.test(name.slice(0, MAX_NAME)));
}
