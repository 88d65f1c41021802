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
