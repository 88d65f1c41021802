import { Type, type Static } from 'typebox';

/** The length, in characters, of what a person has typed of a path that is to be completed. */
export const MAX_FILE_QUERY = 200;
/** More results than these at once are more than anybody reads. */
export const MAX_FOUND_FILES = 100;

/** A file, or a folder that holds some, in a session's working folder. */
export const FoundFile = Type.Object({
  /** Relative to the working folder, with `/` between its parts and none at the end. */
  path: Type.String({ minLength: 1, maxLength: 4_096 }),
  isFolder: Type.Boolean(),
});
export type FoundFile = Static<typeof FoundFile>;

/** The files that fit a query, the best match first. */
export const FoundFiles = Type.Object({
  files: Type.Array(FoundFile, { maxItems: MAX_FOUND_FILES }),
  /** The folder has more files than were looked through. */
  truncated: Type.Boolean(),
});
export type FoundFiles = Static<typeof FoundFiles>;
