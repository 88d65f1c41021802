import { StringDecoder } from 'node:string_decoder';

/** What is longer is cut. */
const MAX_LINE_LENGTH = 8_192;

/** Makes lines of a stream of bytes. */
export class LineSplitter {
  private readonly decoder = new StringDecoder('utf8');
  private rest = '';
  private isCut = false;

  /** The lines that this piece completes. */
  push(bytes: Buffer): string[] {
    const pieces = this.decoder.write(bytes).split('\n');
    return pieces.flatMap((piece, at) => {
      this.extend(piece);
      return at < pieces.length - 1 ? [this.takeLine()] : [];
    });
  }

  /** What was written without a line break at the end. */
  end(): string[] {
    this.extend(this.decoder.end());
    return this.rest === '' ? [] : [this.takeLine()];
  }

  private extend(piece: string): void {
    const room = MAX_LINE_LENGTH - this.rest.length;
    this.rest += piece.slice(0, room);
    this.isCut ||= piece.length > room;
  }

  private takeLine(): string {
    const line = this.isCut ? `${this.rest}… (cut)` : this.rest.replace(/\r$/, '');
    this.rest = '';
    this.isCut = false;
    return line;
  }
}
