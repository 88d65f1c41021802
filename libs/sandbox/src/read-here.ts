import { readUpTo } from './helper/files.js';

/**
 * The beginning of a file, as the sandbox would read it, in this process's own place: for sessions whose tools run without a wall. A named pipe
 * or a device is refused, as reading it could take for ever.
 * @throws what the system says, with its code
 */
export function readHere(path: string, limit: number): Promise<Buffer> {
  return readUpTo(path, limit);
}
