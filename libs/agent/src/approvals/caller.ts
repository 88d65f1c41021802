import type { AskingRun } from '@pizzapi/protocol';

/** Whose call it is. */
export interface Caller {
  /** The session's tool call that waits for the answer. */
  toolCallId: string;
  /** Of a subagent's call: its own id. */
  callId?: string;
  signal: AbortSignal | undefined;
  /** The subagent's name; absent: the session's own agent. */
  agent?: string;
  /** Of this run of the subagent. */
  agentId?: string;
  /** Which of its runs that is, for people. */
  run?: AskingRun;
  /** A hook of a plugin has started it. */
  isOfHook?: boolean;
  /** Learns that a person is asked, and waits with it for the answer. */
  whileAsking?: <T>(answer: Promise<T>) => Promise<T>;
}

/** The call's own id. */
export function callIdOf({ callId, toolCallId }: Caller): string {
  return callId ?? toolCallId;
}
