import { rmSync } from 'node:fs';
import { mkdtemp, realpath, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** A new folder of its own, as a real path. Removed by {@link removeFolder} or with the machine's temporary files. */
export async function temporaryFolder(purpose: string): Promise<string> {
  return realpath(await mkdtemp(join(tmpdir(), `pizzapi-${purpose}-`)));
}

export async function removeFolder(folder: string): Promise<void> {
  // A process that is just ending may still write into it.
  await rm(folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 100 });
}

/** Removes a folder that many tests share as this process ends. Vitest ends its workers by SIGTERM, and then there is no `exit`. */
export function removeFolderAtEnd(folder: string): void {
  const remove = (): void => rmSync(folder, { recursive: true, force: true });
  process.once('exit', remove);
  process.once('SIGTERM', () => {
    remove();
    process.kill(process.pid, 'SIGTERM');
  });
}
