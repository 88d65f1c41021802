import type { AgentSession, ModelRuntime } from '@earendil-works/pi-coding-agent';
import type { ModelRef } from '@pizzapi/protocol';
import { ModelUnknownError } from '../errors/agent-error.js';

/** A model that is set up here. @throws ModelUnknownError */
export async function usableModel(
  runtime: ModelRuntime,
  { provider, id }: ModelRef,
): Promise<NonNullable<AgentSession['model']>> {
  const model = runtime.getModel(provider, id);
  if (!model || !(await runtime.checkAuth(provider))) throw new ModelUnknownError(provider, id);
  return model;
}
