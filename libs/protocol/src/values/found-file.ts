import { Type, type Static } from 'typebox';

/** What a person types of a path while they complete it. */
export const MAX_FILE_QUERY = 200;
/** So many at once are more than anybody reads. */
export const MAX_FOUND_FILES = 100;

/** A file, or a folder that holds some, in a session's working folder. */
export const FoundFile = Type.Object({
  /** From the working folder on, with `/` between its parts and none at its end. */
  path: Type.String({ minLength: 1, maxLength: 4_096 }),
  isFolder: Type.Boolean(),
});
export type FoundFile = Static<typeof FoundFile>;

/** The best first. */
export const FoundFiles = Type.Object({
  files: Type.Array(FoundFile, { maxItems: MAX_FOUND_FILES }),
  /** The folder has more files than were looked through. */
  truncated: Type.Boolean(),
});
export type FoundFiles = Static<typeof FoundFiles>;
