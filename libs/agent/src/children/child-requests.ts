import type { AgentChildAnswer, AgentChildRequest } from '@pizzapi/protocol';

/** Where the agent's tools for child sessions ask: who runs the session knows how to reach the relay. */
export interface ChildRequests {
  /**
   * Answers within a bounded time, also while the relay is away.
   *
   * @param signal the person stopped the turn; the answer is no longer wanted
   * @throws Error whose message the model reads as it is: the relay's refusal, or that it could not be asked
   */
  request(request: AgentChildRequest, signal?: AbortSignal): Promise<AgentChildAnswer>;
}
