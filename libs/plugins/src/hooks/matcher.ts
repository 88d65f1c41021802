/** Names alone, divided by `|` or commas: each stands for itself. Anything else is a regular expression. */
const NAMES = /^[\w\s|,-]*$/;
/** Longer ones are nobody's, and cost time to match. */
const MAX_LENGTH = 1_000;

/** Whether a hook is for an event that goes by one of these names. @throws SyntaxError for a matcher that is no regular expression */
export function matcherOf(matcher: string): (names: readonly string[]) => boolean {
  if (matcher === '' || matcher === '*') return () => true;
  if (matcher.length > MAX_LENGTH) throw new SyntaxError(`it has more than ${MAX_LENGTH} characters`);
  if (NAMES.test(matcher)) {
    const wanted = new Set(matcher.split(/[|,]/).map((name) => name.trim()));
    return (names) => names.some((name) => wanted.has(name));
  }
  const pattern = new RegExp(matcher);
  return (names) => names.some((name) => pattern.test(name));
}
