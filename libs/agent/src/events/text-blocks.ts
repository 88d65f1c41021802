interface Block {
  type: string;
  text?: string;
}

/** What a message or a result says: its blocks of text, one below the other. */
export function textOfBlocks(content: readonly Block[]): string {
  return content.flatMap(({ type, text }) => (type === 'text' && text !== undefined ? [text] : [])).join('\n');
}
