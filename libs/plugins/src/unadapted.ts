import { access } from 'node:fs/promises';
import { join } from 'node:path';

/** Parts of Claude Code's plugins that nothing here takes up: the manifest's field, its usual place, and what people are told. */
const PARTS = [
  { field: 'lspServers', place: '.lsp.json', words: 'Its language servers are not started.' },
  { field: 'outputStyles', place: 'output-styles', words: 'Its output styles are not used.' },
  { field: 'monitors', place: 'monitors', words: 'Its monitors are not started.' },
  { field: 'settings', place: 'settings.json', words: 'Its settings are not used.' },
] as const;

/** What of a plugin is left out as a whole. */
export async function unadaptedParts(folder: string, manifest: Record<string, unknown>): Promise<string[]> {
  const found = await Promise.all(
    PARTS.map(async ({ field, place, words }) => {
      const isThere = manifest[field] !== undefined || (await exists(join(folder, place)));
      return isThere ? [words] : [];
    }),
  );
  return found.flat();
}

export async function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}
