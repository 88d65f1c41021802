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
  const rooted = fromRoot(resolve);
  if (rooted === null) return null;
  const path = rooted.replaceAll('{id}', encodeURIComponent(id));
  const query = new URLSearchParams(params).toString();
  return query === '' ? path : `${path}${path.includes('?') ? '&' : '?'}${query}`;
}

/** Panels name their service's addresses by `./api/…`; here it means the same as `/api/…`. Null: it is no path. */
function fromRoot(resolve: string): string | null {
  if (resolve.startsWith('/')) return resolve;
  return /^[\w+.-]*:/.test(resolve) ? null : `/${resolve.replace(/^\.\//, '')}`;
}
