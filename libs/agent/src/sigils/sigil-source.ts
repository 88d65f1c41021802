import type { SigilDef } from '@pizzapi/protocol';

/** Where the agent learns which sigils there are. */
export interface SigilSource {
  /** Those of now. Resolves within a bounded time and does not reject. */
  current(): Promise<readonly SigilDef[]>;
}
