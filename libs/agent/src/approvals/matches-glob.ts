/**
 * Whether a text fits a pattern in which `*` stands for any characters, also none, also slashes and line breaks. A pattern
 * that ends in ` *` or `/*` also fits what stands before that: `sudo *` fits `sudo`, `~/.ssh/*` the folder itself.
 *
 * No regular expression: the time grows with the text alone, whatever the pattern.
 */
export function matchesGlob(pattern: string, text: string): boolean {
  if (/[ /]\*$/.test(pattern) && matchesParts(pattern.slice(0, -2), text)) return true;
  return matchesParts(pattern, text);
}

function matchesParts(pattern: string, text: string): boolean {
  const [first = '', ...middle] = pattern.split('*');
  const last = middle.pop();
  if (last === undefined) return pattern === text;
  const end = text.length - last.length;
  if (first.length > end || !text.startsWith(first) || !text.endsWith(last)) return false;
  // The earliest place for each part leaves the most room for those after it.
  let at = first.length;
  for (const part of middle) {
    const found = text.indexOf(part, at);
    if (found === -1 || found + part.length > end) return false;
    at = found + part.length;
  }
  return true;
}
