import { subscribe } from 'node:diagnostics_channel';
import { Type } from 'typebox';
import { Compile } from 'typebox/compile';

/** Where services read it, at the time of a call: both names of the specification. */
const NAMES = ['PIZZAPI_RUNNER_API_KEY', 'PIZZAPI_API_KEY'];

/** What Node's `fetch` tells of each answer. */
const AnswerSeen = Type.Object({
  request: Type.Object({ origin: Type.String(), headers: Type.Unknown() }),
  response: Type.Object({ statusCode: Type.Literal(401) }),
});
const answerSeen = Compile(AnswerSeen);

/** Puts the service's key into its environment, or takes it out. */
export function useKey(apiKey: string | null): void {
  for (const name of NAMES) {
    if (apiKey === null) Reflect.deleteProperty(process.env, name);
    else process.env[name] = apiKey;
  }
}

/** Notices that the relay refused a key of ours, whatever in the service has called it. */
export function watchForRefusals(relayUrl: string, onRefused: (apiKey: string) => void): void {
  const { origin } = new URL(relayUrl);
  subscribe('undici:request:headers', (message) => {
    if (!answerSeen.Check(message) || message.request.origin !== origin) return;
    const { PIZZAPI_RUNNER_API_KEY: current } = process.env;
    if (current !== undefined && JSON.stringify(message.request.headers).includes(current)) onRefused(current);
  });
}
