import type { ChatRequest, ScriptedModel } from '@pizzapi/testing';
import type { AgentHost } from '../src/session/agent-host.js';
import { anInput, type EventLog } from './session-fixture.js';

/** Says something, and has the model answer it. */
export async function say(
  model: ScriptedModel,
  { host, log }: { host: AgentHost; log: EventLog },
  text: string,
  answer: string,
): Promise<void> {
  model.next((it) => it.text(answer));
  const before = log.of('activity.changed').length;
  await host.receive([anInput(text)]);
  await log.until(
    () => log.of('activity.changed').length >= before + 2 && log.of('activity.changed').at(-1)?.activity === 'idle',
  );
}

/** Of everything that was told of a session's file. */
export function entryIdsOf(log: EventLog): string[] {
  return log.of('entry.appended').map(({ entryId }) => entryId);
}

/** What the model was told of the conversation. */
export function heard(request: ChatRequest | undefined): string {
  return JSON.stringify(request?.messages.filter(({ role }) => role !== 'system').map(({ content }) => content));
}
