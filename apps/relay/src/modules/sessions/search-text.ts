import type { SessionEntity } from './session.entity.js';

/**
 * Folds text so that a search finds it whatever its case, in any script: SQLite folds ASCII only, and neither database knows that
 * a letter may be written in one code point or in two.
 */
export function foldText(text: string): string {
  return text.normalize('NFKC').toLowerCase();
}

/** What the list's search looks at. */
export function searchTextOf(session: Pick<SessionEntity, 'name' | 'cwd' | 'modelProvider' | 'modelId'>): string {
  return foldText(
    [session.name, session.cwd, session.modelProvider, session.modelId].filter((part) => part).join('\n'),
  );
}

/** A pattern for `LIKE … ESCAPE '\'` that finds the text anywhere. */
export function likePattern(text: string): string {
  return `%${foldText(text).replace(/[\\%_]/g, '\\$&')}%`;
}
