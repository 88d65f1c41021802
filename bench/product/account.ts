import { RelayApi, ScriptedRunner } from '@pizzapi/testing';

export const EMAIL = 'bench@example.com';

/** The first account of an empty relay, with a runner that has no processes. */
export async function openAccount(relayUrl: string): Promise<{ api: RelayApi; runner: ScriptedRunner }> {
  const api = await new RelayApi(relayUrl).register(EMAIL);
  const runner = await ScriptedRunner.connect(api, 'scripted');
  return { api, runner };
}

export async function createSession(api: RelayApi, runnerId: string, name?: string): Promise<string> {
  const created = await api.post<{ sessionId: string }>('/api/sessions', {
    runnerId,
    ...(name === undefined ? {} : { name }),
  });
  if (created.status !== 202)
    throw new Error(`The session was answered ${created.status}: ${JSON.stringify(created.body)}`);
  return created.body.sessionId;
}
