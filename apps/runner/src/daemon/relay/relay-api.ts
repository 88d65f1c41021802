import { Injectable } from '@nestjs/common';
import { ProblemCode } from '@pizzapi/protocol';
import { Type, type Static, type TSchema } from 'typebox';
import { Compile } from 'typebox/compile';
import { Refusal, RelayRefusedError } from '../../relay-link/refusal.js';

const REQUEST_TIMEOUT_MS = 10_000;
const Enrolled = Type.Object({ apiKey: Type.String({ minLength: 1 }) });
const WorkerToken = Type.Object({ token: Type.String({ minLength: 1 }) });
const problem = Compile(Refusal);

/** The two requests a runner makes over HTTP; all else travels over its socket. */
@Injectable()
export class RelayApi {
  /** Exchanges the relay's one-time secret for a key. @throws RelayRefusedError, or fetch's error when unreachable */
  async enrol(relayUrl: string, request: { secret: string; runnerId: string; name: string }): Promise<string> {
    const { apiKey } = await this.post(`${relayUrl}/api/runners/enrol`, request, {}, Enrolled);
    return apiKey;
  }

  /** A token for one connection of one session's worker. @throws as {@link enrol} */
  async workerToken(relayUrl: string, runnerId: string, apiKey: string, sessionId: string): Promise<string> {
    const url = `${relayUrl}/api/runners/${runnerId}/worker-tokens`;
    const { token } = await this.post(url, { sessionId }, { 'x-api-key': apiKey }, WorkerToken);
    return token;
  }

  private async post<S extends TSchema>(
    url: string,
    body: object,
    headers: Record<string, string>,
    schema: S,
  ): Promise<Static<S>> {
    const response = await fetch(url, {
      method: 'POST',
      headers: { ...headers, 'content-type': 'application/json' },
      body: JSON.stringify(body),
      redirect: 'error',
      signal: AbortSignal.timeout(REQUEST_TIMEOUT_MS),
    });
    const answer: unknown = await response.json().catch(() => undefined);
    if (!response.ok) throw new RelayRefusedError(refusalOfAnswer(response.status, answer));
    const validator = Compile(schema);
    if (validator.Check(answer)) return answer;
    throw new RelayRefusedError({
      code: ProblemCode.malformedMessage,
      detail: `The relay's answer to POST ${new URL(url).pathname} is not understood; is PIZZAPI_RELAY_URL a PizzaPi relay?`,
    });
  }
}

function refusalOfAnswer(status: number, answer: unknown): Refusal {
  if (problem.Check(answer)) return { code: answer.code, detail: answer.detail };
  const code = status === 401 ? ProblemCode.unauthenticated : ProblemCode.unavailable;
  return { code, detail: `The relay answered ${status}.` };
}
