import type { SessionEntity } from './session.entity.js';

/**
 * Folds text so that a search finds it in any case and any script. SQLite only folds ASCII, and neither database knows that a letter can be
 * written as one code point or as two.
 */
export function foldText(text: string): string {
  return text.normalize('NFKC').toLowerCase();
}

/** The text that the search in the list of sessions looks through. */
export function searchTextOf(session: Pick<SessionEntity, 'name' | 'cwd' | 'modelProvider' | 'modelId'>): string {
  return foldText(
    [session.name, session.cwd, session.modelProvider, session.modelId].filter((part) => part).join('\n'),
  );
}

/** A pattern for `LIKE … ESCAPE '\'` that matches wherever the text occurs. */
export function likePattern(text: string): string {
  return `%${foldText(text).replace(/[\\%_]/g, '\\$&')}%`;
}
