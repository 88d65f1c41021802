import { type Static, Type } from 'typebox';

const Id = { id: Type.Integer({ minimum: 0 }) };

/**
 * What the helper says. It is on the agent's side of the wall, and a command that it runs could speak in its place: whatever comes is
 * parsed, and believed no more than a command's output.
 */
export const HelperReply = Type.Union([
  /** It takes requests. */
  Type.Object({ type: Type.Literal('ready') }),
  /** Output of a command: the body. */
  Type.Object({ ...Id, type: Type.Literal('output') }),
  Type.Object({
    ...Id,
    type: Type.Literal('exited'),
    /** Null when a signal ended it. */
    code: Type.Union([Type.Integer(), Type.Null()]),
    signal: Type.Union([Type.Integer(), Type.Null()]),
    end: Type.Union([Type.Literal('exit'), Type.Literal('timeout'), Type.Literal('cancel'), Type.Literal('limit')]),
    /** The end of what a program of the sandbox's own wrote to its error stream. */
    errors: Type.Optional(Type.String()),
  }),
  /** It is done; the body is what was asked for, if anything was. */
  Type.Object({ ...Id, type: Type.Literal('done'), isDirectory: Type.Optional(Type.Boolean()) }),
  Type.Object({
    ...Id,
    type: Type.Literal('failed'),
    /** The system's own code, such as ENOENT. */
    code: Type.String({ maxLength: 100 }),
    message: Type.String({ maxLength: 10_000 }),
  }),
]);
export type HelperReply = Static<typeof HelperReply>;
