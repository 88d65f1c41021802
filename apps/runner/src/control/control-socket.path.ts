import { existsSync, mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readTextFile, writePrivateFile } from '../files/private-file.js';

/** Linux takes 107 bytes, macOS 103. */
const MAX_SOCKET_PATH_BYTES = 100;

/**
 * Where daemon and workers meet: `run/daemon.sock`, or, where that path is too long for a Unix socket, one in a private
 * folder of the temporary directory, which `run/daemon.sock.path` names. The daemon makes that folder, workers read it.
 */
export function findControlSocket(runDir: string): string | null {
  const direct = join(runDir, 'daemon.sock');
  if (Buffer.byteLength(direct) <= MAX_SOCKET_PATH_BYTES) return direct;
  return readTextFile(`${direct}.path`)?.trim() || null;
}

/** As {@link findControlSocket}; makes the folder of a short path where there is none (any more). */
export function prepareControlSocket(runDir: string): string {
  const known = findControlSocket(runDir);
  if (known !== null && existsSync(join(known, '..'))) return known;
  // mkdtemp gives the folder mode 0700.
  const path = join(mkdtempSync(join(tmpdir(), 'pizzapi-')), 'daemon.sock');
  writePrivateFile(join(runDir, 'daemon.sock.path'), path);
  return path;
}
