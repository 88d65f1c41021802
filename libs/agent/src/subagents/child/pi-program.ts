import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { getPackageDir } from '@earendil-works/pi-coding-agent';
import { Type } from 'typebox';
import { Value } from 'typebox/value';

const Package = Type.Object({ bin: Type.Object({ pi: Type.String() }) });

/** The program `pi` of the installed package. */
export function piProgram(): string {
  const folder = getPackageDir();
  const { bin } = Value.Parse(Package, JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')));
  return join(folder, bin.pi);
}

/** What a subagent's process loads into pi: as it was built, or from source in tests, which pi compiles itself. */
export function extensionFile(): string {
  const built = fileURLToPath(new URL('./extension.cjs', import.meta.url));
  return existsSync(built) ? built : fileURLToPath(new URL('./extension.cts', import.meta.url));
}
