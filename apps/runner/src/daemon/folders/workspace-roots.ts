import { realpath, stat } from 'node:fs/promises';
import { isAbsolute, relative } from 'node:path';
import { outsideRootsText, ProblemCode } from '@pizzapi/protocol';
import { isMissingFile } from '../../files/file-error.js';
import { RequestRefusedError } from '../../relay-link/answering.js';

/**
 * The real path of a folder inside the workspace roots. Links are resolved first, so a link inside a root that leads out
 * of it is outside.
 *
 * @throws RequestRefusedError `folder_missing` or `folder_outside_roots`
 */
export async function resolveWorkspaceFolder(path: string, roots: string[]): Promise<string> {
  if (!isAbsolute(path)) throw outside(path, roots);
  const real = await existingFolder(path, roots);
  if (isInside(real, roots)) return real;
  throw outside(path, roots);
}

/** The session was allowed one particular folder, and its path now leads to another one. */
export function movedFolder(path: string, leadsTo: string): RequestRefusedError {
  return new RequestRefusedError(
    ProblemCode.folderMissing,
    `"${path}" leads to "${leadsTo}" now, and the session was started for the folder that it was. Start another one there, if that is meant.`,
  );
}

/** Whether a real path is one of the roots or below one. */
export function isInside(realPath: string, roots: string[]): boolean {
  return roots.some((root) => {
    const way = relative(root, realPath);
    return way === '' || (way !== '..' && !way.startsWith('../') && !isAbsolute(way));
  });
}

async function existingFolder(path: string, roots: string[]): Promise<string> {
  try {
    const real = await realpath(path);
    if ((await stat(real)).isDirectory()) return real;
  } catch (error) {
    if (!isMissingFile(error)) throw outside(path, roots); // not ours to look into
  }
  throw new RequestRefusedError(
    ProblemCode.folderMissing,
    `There is no folder "${path}" on the runner; create it or choose another.`,
  );
}

function outside(path: string, roots: string[]): RequestRefusedError {
  return new RequestRefusedError(ProblemCode.folderOutsideRoots, outsideRootsText(path, roots));
}
