/** Characters that change the direction of what follows, which can make a text read as something else. */
const DIRECTION_SIGNS = /[\u202A-\u202E\u2066-\u2069]/g;

/**
 * A text of somebody else's (of a trigger, for one) with these signs made visible. Joiners of letters and emoji stay as they are, which words need;
 * where every sign counts, `revealed` shows these too.
 */
export function withDirectionsShown(text: string): string {
  return text.replace(DIRECTION_SIGNS, (sign) => `⟨U+${sign.charCodeAt(0).toString(16).toUpperCase()}⟩`);
}
