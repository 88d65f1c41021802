import { access } from 'node:fs/promises';
import { join } from 'node:path';

/** Parts of Claude Code's plugins that nothing here takes up: the manifest's field, its usual place, and what people are told. */
const PARTS = [
  { field: 'lspServers', place: '.lsp.json', words: 'Its language servers are not started.' },
  { field: 'outputStyles', place: 'output-styles', words: 'Its output styles are not used.' },
  { field: 'monitors', place: 'monitors', words: 'Its monitors are not started.' },
  { field: 'settings', place: 'settings.json', words: 'Its settings are not used.' },
  { field: 'themes', place: 'themes', words: 'Its themes are not used.' },
  { field: 'bin', place: 'bin', words: 'Its programs in bin are not found by their names alone.' },
  { field: 'userConfig', place: null, words: 'What it wants to know of its user (userConfig) is not asked.' },
  { field: 'channels', place: null, words: 'Its channels are not opened.' },
  { field: 'dependencies', place: null, words: 'Plugins that it depends on are not looked for.' },
] as const;

/** Fields of the manifest that are followed, or say only who made it. */
const KNOWN_FIELDS = new Set<string>([
  ...['$schema', 'name', 'displayName', 'version', 'description', 'author', 'homepage', 'repository', 'license'],
  ...['keywords', 'commands', 'agents', 'skills', 'rules', 'hooks', 'mcpServers'],
  ...PARTS.map(({ field }) => field),
]);

/** What of a plugin is left out as a whole. */
export async function unadaptedParts(folder: string, manifest: Record<string, unknown>): Promise<string[]> {
  const found = await Promise.all(
    PARTS.map(async ({ field, place, words }) => {
      const isThere = manifest[field] !== undefined || (place !== null && (await exists(join(folder, place))));
      return isThere ? [words] : [];
    }),
  );
  const unknown = Object.keys(manifest).filter((field) => !KNOWN_FIELDS.has(field));
  return [...found.flat(), ...unknown.map((field) => `The field "${field}" of its manifest is not followed.`)];
}

export async function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}
