/** Makes characters visible that could hide something: control characters, changes of direction, characters without width. */
export function revealed(text: string): string {
  return text.replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu, (sign) =>
    sign === '\n' || sign === '\t'
      ? sign
      : `⟨U+${(sign.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')}⟩`,
  );
}

const EXACT = new Set(['bash', 'powershell', 'read', 'write', 'edit', 'grep', 'find', 'ls']);

/** The parts of a tool call where every character counts: commands and paths, not what people and agents say to each other. */
export function revealedOf(toolName: string, text: string): string {
  return EXACT.has(toolName) ? revealed(text) : text;
}
