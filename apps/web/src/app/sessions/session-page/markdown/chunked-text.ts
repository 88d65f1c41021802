const LINES_PER_CHUNK = 80;

/**
 * Plain text in an element, in blocks of some lines each: what is appended touches the last block only, so that the
 * browser lays out the addition and not the whole again.
 */
export class ChunkedText {
  private chunk: HTMLElement | null = null;
  private lines = 0;

  constructor(private readonly host: HTMLElement) {}

  append(text: string): void {
    let rest = text;
    while (rest !== '') {
      const end = this.endOfChunk(rest);
      const part = rest.slice(0, end);
      rest = rest.slice(end);
      this.current().append(part);
      if (this.lines >= LINES_PER_CHUNK) this.chunk = null;
    }
  }

  clear(): void {
    this.host.replaceChildren();
    this.chunk = null;
    this.lines = 0;
  }

  private current(): HTMLElement {
    if (this.chunk !== null) return this.chunk;
    const chunk = document.createElement('span');
    chunk.className = 'chunk';
    this.host.append(chunk);
    this.chunk = chunk;
    return chunk;
  }

  /** Counts lines into the current block; the length of what still belongs to it. */
  private endOfChunk(text: string): number {
    if (this.chunk === null) this.lines = 0;
    let position = 0;
    while (this.lines < LINES_PER_CHUNK) {
      const newline = text.indexOf('\n', position);
      if (newline === -1) return text.length;
      this.lines += 1;
      position = newline + 1;
    }
    return position;
  }
}
