/** Characters that change the direction of the text after them, and can make it read as something else. */
const DIRECTION_SIGNS = /[\u202A-\u202E\u2066-\u2069]/g;

/** A text of somebody else's with these signs made visible. Words of scripts that are written from right to left need none of them. */
export function withDirectionsShown(text: string): string {
  return text.replaceAll(DIRECTION_SIGNS, (sign) => `⟨U+${codeOf(sign)}⟩`);
}

/** The same JSON, with these signs written as `\uXXXX` escapes. */
export function withDirectionsEscaped(json: string): string {
  return json.replaceAll(DIRECTION_SIGNS, (sign) => `\\u${codeOf(sign)}`);
}

function codeOf(sign: string): string {
  return sign.charCodeAt(0).toString(16).toUpperCase();
}
