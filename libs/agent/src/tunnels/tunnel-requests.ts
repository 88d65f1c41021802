import type { AgentTunnelAnswer, AgentTunnelRequest } from '@pizzapi/protocol';

/** Where the agent's tunnel tools ask: who runs the session knows how to reach the relay. */
export interface TunnelRequests {
  /**
   * Answers within a bounded time, also while the relay is away.
   *
   * @param signal the person stopped the turn; the answer is no longer wanted
   * @throws Error whose message the model reads as it is: the relay's refusal, or that it could not be asked
   */
  request(request: AgentTunnelRequest, signal?: AbortSignal): Promise<AgentTunnelAnswer>;
}
