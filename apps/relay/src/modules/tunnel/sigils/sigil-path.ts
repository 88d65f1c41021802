import { type SigilDef } from '@pizzapi/protocol';

/** The definition of a sigil by its type or one of its aliases; a type comes before another's alias. */
export function sigilDefOf(defs: readonly SigilDef[], type: string): SigilDef | null {
  return defs.find((def) => def.type === type) ?? defs.find(({ aliases }) => aliases?.includes(type)) ?? null;
}

/**
 * What a service is asked for a sigil. Null: there is nothing to ask, because the id would lead to another path.
 * @param resolve As the service declares it, with `{id}`.
 */
export function sigilPath(resolve: string, id: string, params: Readonly<Record<string, string>>): string | null {
  // These are encoded by nothing, and mean the folder itself or the one above.
  if (id === '.' || id === '..') return null;
  const path = resolve.replaceAll('{id}', encodeURIComponent(id));
  const query = new URLSearchParams(params).toString();
  if (!path.startsWith('/')) return null;
  return query === '' ? path : `${path}${path.includes('?') ? '&' : '?'}${query}`;
}
