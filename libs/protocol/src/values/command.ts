import { Type, type Static } from 'typebox';

/** A command that an input may begin with: a slash and its name, followed by its arguments. */
export const SessionCommand = Type.Object({
  name: Type.String({ minLength: 1, maxLength: 200 }),
  description: Type.String({ maxLength: 1_024 }),
  /** What the arguments are, for example `[focus]`. */
  argumentHint: Type.Optional(Type.String({ maxLength: 200 })),
  /**
   * `action` does something and leaves no message. `prompt` is replaced by the message of its template. `skill` puts its
   * instructions before the message.
   */
  kind: Type.Union([Type.Literal('action'), Type.Literal('prompt'), Type.Literal('skill')]),
});
export type SessionCommand = Static<typeof SessionCommand>;

/** How many commands are offered at most. Others work nevertheless. */
export const MAX_COMMANDS = 500;
