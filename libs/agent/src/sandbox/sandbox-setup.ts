import type { SandboxState } from '@pizzapi/protocol';
import type { Refusal, Sandbox } from '@pizzapi/sandbox';

/** How a session's tools are confined, as its worker has it. */
export interface SandboxSetup {
  /** As it is now: the organisation may change it while the session runs. */
  readonly state: SandboxState;
  /** Where the tools run; null: in this process, without a wall. */
  sandbox: Sandbox | null;
  /** Where programs of MCP servers run, whose environment may hold secrets: out of the tools' sight. Null where {@link sandbox} is. */
  ofServers: Sandbox | null;
  /** Hears of what is refused to MCP servers, and to what commands left running. */
  onRefusal: (listen: (refusal: Refusal, isOfServers: boolean) => void) => void;
  /** Ends what runs in it. @param isOver the session is, and with it its temporary files */
  close: (isOver: boolean) => Promise<void>;
}
