import { type SigilDef } from '@pizzapi/protocol';

/** Finds the definition of a sigil by its type or an alias. A type takes precedence over another sigil's alias. */
export function sigilDefOf(defs: readonly SigilDef[], type: string): SigilDef | null {
  return defs.find((def) => def.type === type) ?? defs.find(({ aliases }) => aliases?.includes(type)) ?? null;
}

/**
 * The path and query with which a service is asked about a sigil.
 * @param resolve as declared by the service, with `{id}`
 * @returns null if the id would lead to another path
 */
export function sigilPath(resolve: string, id: string, params: Readonly<Record<string, string>>): string | null {
  // Percent-encoding does not change these, and in a path they mean the folder itself and its parent.
  if (id === '.' || id === '..') return null;
  const rooted = fromRoot(resolve);
  if (rooted === null) return null;
  const path = rooted.replaceAll('{id}', encodeURIComponent(id));
  const query = new URLSearchParams(params).toString();
  return query === '' ? path : `${path}${path.includes('?') ? '&' : '?'}${query}`;
}

/** Panels use relative addresses such as `./api/…`, which mean `/api/…` here. @returns null if it is not a path */
function fromRoot(resolve: string): string | null {
  if (resolve.startsWith('/')) return resolve;
  return /^[\w+.-]*:/.test(resolve) ? null : `/${resolve.replace(/^\.\//, '')}`;
}
