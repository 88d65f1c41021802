import { Type, type Static } from 'typebox';
import { Compile } from 'typebox/compile';

/** Whom a trigger reaches, as decided when it was accepted. */
export const Matches = Type.Object({
  sessions: Type.Array(Type.Object({ sessionId: Type.String(), subscriptionIds: Type.Array(Type.String()) })),
  listeners: Type.Array(Type.Object({ listenerId: Type.String() })),
});
export type Matches = Static<typeof Matches>;

// As stored: `[sessionId, subscriptionId, …]` for each session, and the ids of the listeners. Without names, because a record may hold thousands.
const Stored = Type.Object({ s: Type.Array(Type.Array(Type.String(), { minItems: 1 })), l: Type.Array(Type.String()) });
const stored = Compile(Stored);

export function encodeMatches({ sessions, listeners }: Matches): string {
  const value: Static<typeof Stored> = {
    s: sessions.map(({ sessionId, subscriptionIds }) => [sessionId, ...subscriptionIds]),
    l: listeners.map(({ listenerId }) => listenerId),
  };
  return JSON.stringify(value);
}

/** @throws Error when the record was damaged */
export function decodeMatches(json: string): Matches {
  const value: unknown = JSON.parse(json);
  if (!stored.Check(value)) throw new Error('The matches of a trigger do not fit their schema.');
  return {
    sessions: value.s.map(([sessionId = '', ...subscriptionIds]) => ({ sessionId, subscriptionIds })),
    listeners: value.l.map((listenerId) => ({ listenerId })),
  };
}
