import { Type, type Static } from 'typebox';

const Texts = Type.Record(Type.String(), Type.String());

/** A server that is a program on this machine. */
export const StdioSettings = Type.Object({
  type: Type.Optional(Type.Literal('stdio')),
  command: Type.String({ minLength: 1 }),
  args: Type.Optional(Type.Array(Type.String())),
  env: Type.Optional(Texts),
  /** How long a call may take without a sign of life. */
  timeoutMs: Type.Optional(Type.Integer({ minimum: 1_000, maximum: 24 * 3_600_000 })),
});
export type StdioSettings = Static<typeof StdioSettings>;

/** A server at an address. `sse` is the transport of 2024, which some still have. */
export const HttpSettings = Type.Object({
  type: Type.Union([Type.Literal('http'), Type.Literal('streamable-http'), Type.Literal('sse')]),
  url: Type.String({ minLength: 1 }),
  headers: Type.Optional(Texts),
  timeoutMs: Type.Optional(Type.Integer({ minimum: 1_000, maximum: 24 * 3_600_000 })),
});
export type HttpSettings = Static<typeof HttpSettings>;

/** One entry of `mcpServers`. Fields of other programs are theirs. */
export const ServerSettings = Type.Union([StdioSettings, HttpSettings]);
export type ServerSettings = Static<typeof ServerSettings>;

export function isStdio(settings: ServerSettings): settings is StdioSettings {
  return 'command' in settings;
}
