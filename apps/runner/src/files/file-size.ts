import { statSync } from 'node:fs';
import { isMissingFile } from './file-error.js';

/** In bytes; 0 where there is no file. */
export function sizeOf(path: string): number {
  try {
    return statSync(path).size;
  } catch (error) {
    if (isMissingFile(error)) return 0;
    throw error;
  }
}
