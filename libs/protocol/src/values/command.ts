import { Type, type Static } from 'typebox';

/** What a person may begin an input with: a slash and its name, then what it is to work with. */
export const SessionCommand = Type.Object({
  name: Type.String({ minLength: 1, maxLength: 200 }),
  description: Type.String({ maxLength: 1_024 }),
  /** What may follow the name, as `[focus]`. */
  argumentHint: Type.Optional(Type.String({ maxLength: 200 })),
  /** `action` does something and leaves no message; a `prompt` becomes the message that its template says; a `skill` puts its instructions before it. */
  kind: Type.Union([Type.Literal('action'), Type.Literal('prompt'), Type.Literal('skill')]),
});
export type SessionCommand = Static<typeof SessionCommand>;

/** More than these are not offered; they work all the same. */
export const MAX_COMMANDS = 500;
