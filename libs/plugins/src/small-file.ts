import { closeSync, constants, fstatSync, openSync, readSync, realpathSync } from 'node:fs';

/** A file that is there and is not read. */
export class UnreadableFileError extends Error {
  override readonly name = 'UnreadableFileError';

  /** @param detail why, without a full stop */
  constructor(
    readonly path: string,
    readonly detail: string,
  ) {
    super(`${path} is not read: ${detail}.`);
  }
}

export interface SmallFileOptions {
  maxBytes: number;
  /** Whether the file may be read that the path leads to, links followed. Default: any may. */
  mayRead?: (realPath: string) => boolean;
}

/**
 * The text of a file that somebody else may have put there. What a named pipe or a device would do to its reader, waiting for ever or
 * reading without end, it does not. What is judged is what is read, whatever becomes of the path meanwhile.
 * @throws UnreadableFileError; the system's error when it is not there or may not be read
 */
export function readSmallFile(path: string, { maxBytes, mayRead }: SmallFileOptions): string {
  // A pipe would be waited for already by opening it.
  const file = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK);
  try {
    if (!fstatSync(file).isFile()) throw new UnreadableFileError(path, 'it is no regular file');
    if (mayRead) refuseHidden(file, path, mayRead);
    const content = readUpTo(file, maxBytes + 1);
    if (content.length > maxBytes) throw new UnreadableFileError(path, `it has more than ${maxBytes} bytes`);
    return content.toString('utf8');
  } finally {
    closeSync(file);
  }
}

function refuseHidden(file: number, path: string, mayRead: (realPath: string) => boolean): void {
  const real = realpathSync(process.platform === 'linux' ? `/proc/self/fd/${file}` : path);
  if (!mayRead(real)) throw new UnreadableFileError(path, `it leads to ${real}, which the sandbox hides`);
}

/** Not by its size: files of /proc say that they have none. */
function readUpTo(file: number, maxBytes: number): Buffer {
  const chunks: Buffer[] = [];
  for (let length = 0; length < maxBytes;) {
    const chunk = Buffer.alloc(Math.min(64 * 1024, maxBytes - length));
    const bytes = readSync(file, chunk);
    if (bytes === 0) break;
    chunks.push(chunk.subarray(0, bytes));
    length += bytes;
  }
  return Buffer.concat(chunks);
}
