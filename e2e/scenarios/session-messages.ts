import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Type } from 'typebox';
import { Value } from 'typebox/value';

const Entry = Type.Object({
  type: Type.String(),
  id: Type.String(),
  message: Type.Optional(Type.Object({ role: Type.String() })),
});

/** The ids of the messages that a session's own file holds below a `PIZZAPI_HOME`, in the file's order. */
export function messageIdsInFile(home: string, sessionId: string): string[] {
  const entries = readFileSync(sessionFile(home, sessionId), 'utf8')
    .trim()
    .split('\n')
    .map((line) => Value.Parse(Entry, JSON.parse(line)));
  // The system prompt is pi's own business.
  return entries
    .filter(({ type, message }) => type === 'custom_message' || (type === 'message' && message?.role !== 'system'))
    .map(({ id }) => id);
}

/** @throws Error when it is not there */
export function sessionFile(home: string, sessionId: string): string {
  const folder = join(home, 'agent', 'sessions');
  const name = readdirSync(folder, { recursive: true, encoding: 'utf8' }).find((each) =>
    each.endsWith(`${sessionId}.jsonl`),
  );
  if (name === undefined) throw new Error(`No session file of ${sessionId}.`);
  return join(folder, name);
}
