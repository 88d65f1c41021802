import type { SandboxEntries } from './launch/entries.js';
import type { SandboxPolicy } from './policy/policy.js';
import type { Refusal } from './refusal.js';

export interface SandboxOptions {
  policy: SandboxPolicy;
  /** The session's folder. */
  cwd: string;
  /** An empty folder that nobody else uses; made where it is missing. */
  emptyFolder: string;
  /** The environment of everything inside. */
  env: NodeJS.ProcessEnv;
  /** The session's temporary folder. */
  temp: string;
  /** What was refused to something that runs here and is no call that could be told it. */
  onRefusal: (refusal: Refusal) => void;
  /** Default: those of the build. */
  entries?: SandboxEntries;
  /** How long building the wall may take, and then the start of the process behind it. Default: a minute each. */
  startTimeoutMs?: number;
}
