import { ConfigError } from './config-error.js';

/** Every field of a `config.json`, the person's or a project's, that some part of the product reads. */
const FIELDS = [
  'apiKey',
  'approvals',
  'hooks',
  'mcpServers',
  'relayUrl',
  'runnerName',
  'sandbox',
  'subagents',
  'trustedPlugins',
] as const;

/**
 * Whatever else stands in the file is left alone, for it may be another program's or a later version's. But what one of
 * ours is nearly called is one of ours: rules below `aprovals` would otherwise hold nobody back.
 *
 * @throws ConfigError
 */
export function refuseMisspeltField(file: unknown, path: string): void {
  if (typeof file !== 'object' || file === null) return;
  for (const name of Object.keys(file)) {
    if (FIELDS.some((field) => field === name)) continue;
    const meant = FIELDS.find((field) => isNear(field.toLowerCase(), name.toLowerCase()));
    if (meant) throw new ConfigError(`${path}, field ${name}`, `is not known; write "${meant}", or take it out`);
  }
}

/** One letter too many, too few, another, or two in each other's place. */
function isNear(a: string, b: string): boolean {
  const shorter = withoutOneLetter(b);
  return withoutOneLetter(a).some((word) => shorter.includes(word));
}

function withoutOneLetter(word: string): string[] {
  return [word, ...Array.from(word, (_, at) => word.slice(0, at) + word.slice(at + 1))];
}
