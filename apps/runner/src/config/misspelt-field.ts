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
 * A field that we do not know is left alone, because it may belong to another program or to a later version. But one whose
 * name is nearly ours is taken for a typo, since to ignore it could do harm: rules below `aprovals` would restrain nobody.
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

/** Whether two words differ by one letter: one added, one missing, one replaced, or two swapped. */
function isNear(a: string, b: string): boolean {
  const shorter = withoutOneLetter(b);
  return withoutOneLetter(a).some((word) => shorter.includes(word));
}

function withoutOneLetter(word: string): string[] {
  return [word, ...Array.from(word, (_, at) => word.slice(0, at) + word.slice(at + 1))];
}
