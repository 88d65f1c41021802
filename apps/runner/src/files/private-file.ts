import { closeSync, fsyncSync, mkdirSync, openSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { hasErrorCode, isMissingFile } from './file-error.js';

/** Writes a file that only its owner reads, whole or not at all: a kill or a power cut in between leaves the old content. */
export function writePrivateFile(path: string, content: string): void {
  const folder = dirname(path);
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const draft = `${path}.${process.pid}.new`;
  writeFileSync(draft, content, { mode: 0o600, flush: true });
  renameSync(draft, path);
  syncFolder(folder);
}

/** The new name of a file is in its folder, and with the power it would be lost though the file itself is on the disk. */
function syncFolder(path: string): void {
  const folder = openSync(path, 'r');
  try {
    fsyncSync(folder);
  } catch (error) {
    if (!hasErrorCode(error, 'EINVAL')) throw error; // some network file systems know no such thing
  } finally {
    closeSync(folder);
  }
}

/** Null when there is no such file. */
export function readTextFile(path: string): string | null {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    if (isMissingFile(error)) return null;
    throw error;
  }
}

/** The file's JSON; undefined when it is missing or torn. The caller checks the shape. */
export function readJsonFile(path: string): unknown {
  const text = readTextFile(path);
  if (text === null) return undefined;
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

export function removeFile(path: string): void {
  rmSync(path, { force: true });
}
