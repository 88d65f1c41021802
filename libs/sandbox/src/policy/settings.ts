import { type Static, Type } from 'typebox';

/**
 * How much the sandbox takes away. `none`: nothing. `basic`: secrets cannot be read, and writes stay in the working folder and the
 * temporary one. `full`: besides, there is no network but the allowed domains.
 */
export const SandboxMode = Type.Union([Type.Literal('none'), Type.Literal('basic'), Type.Literal('full')]);
export type SandboxMode = Static<typeof SandboxMode>;

/** `~`, `~/…`, absolute, or in the session's folder. A path stands for itself and everything below; there are no patterns. */
const PathList = Type.Array(Type.String({ minLength: 1, maxLength: 1_000, pattern: String.raw`^[^*?\u0000]+$` }), {
  maxItems: 200,
});

/** A host, or `*.` and a domain for all hosts below it. No scheme, port or path. */
const Domain = Type.String({
  maxLength: 253,
  pattern: String.raw`^(\*\.)?[A-Za-z0-9]([A-Za-z0-9-]*[A-Za-z0-9])?(\.[A-Za-z0-9]([A-Za-z0-9-]*[A-Za-z0-9])?)+$`,
});

/** The field `sandbox` of a `config.json`. Unknown fields are errors: a misspelt one would loosen it in silence. */
export const SandboxSettings = Type.Object(
  {
    mode: Type.Optional(SandboxMode),
    /** The least that has to be enforced: a session that cannot have it does not start. */
    floor: Type.Optional(SandboxMode),
    /** What `full` can reach. */
    allowedDomains: Type.Optional(Type.Array(Domain, { maxItems: 500 })),
    /** Secrets that may be read all the same. */
    readable: Type.Optional(PathList),
    /** What may be written besides the working folder and the temporary one. */
    writable: Type.Optional(PathList),
    /** What may be neither read nor written. Wins over all other lists. */
    denied: Type.Optional(PathList),
  },
  { additionalProperties: false },
);
export type SandboxSettings = Static<typeof SandboxSettings>;
