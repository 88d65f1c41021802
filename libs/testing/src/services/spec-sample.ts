import { cp, mkdir, rename } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const SAMPLE = fileURLToPath(new URL('../../samples/my-service', import.meta.url));

/** Puts the specification's own sample service into a folder of services: its manifest and its module to the letter. */
export async function copySpecSample(servicesDir: string): Promise<void> {
  const folder = join(servicesDir, 'my-service');
  await mkdir(servicesDir, { recursive: true });
  await cp(SAMPLE, folder, { recursive: true });
  // Kept as text, so that nothing that checks our own code has a word in it.
  await rename(join(folder, 'index.ts.txt'), join(folder, 'index.ts'));
}
