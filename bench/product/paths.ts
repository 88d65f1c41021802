import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** The repository: the benchmarks run from `dist/`, and start what is built beside them. */
export const root = findRoot(import.meta.dirname);

export const built = {
  relay: join(root, 'dist/relay/bundle/main.js'),
  runner: join(root, 'dist/runner/apps/runner/src/main.js'),
  web: join(root, 'dist/web'),
};

function findRoot(from: string): string {
  if (existsSync(join(from, 'nest-cli.json'))) return from;
  if (dirname(from) === from) throw new Error('The benchmarks must run inside the repository.');
  return findRoot(dirname(from));
}
