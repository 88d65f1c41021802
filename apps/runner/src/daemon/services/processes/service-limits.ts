/** What the daemon and a service's process expect of each other. */
export interface ServiceLimits {
  /** From the process's start until `init` is done. */
  startMs: number;
  initMs: number;
  disposeMs: number;
  /** After this time without an announced panel, the panel's files are served. */
  panelMs: number;
  /** How often the process is asked whether its event loop is free, and its memory looked at. */
  lookMs: number;
  /** A process that let this many looks pass without an answer hangs. */
  maxUnanswered: number;
  maxMemoryMb: number;
  /** Pauses before a start after an end that nobody wanted; they double from the first to the last. */
  firstPauseMs: number;
  lastPauseMs: number;
  /** A process that ran this long was well; its next end starts the pauses anew. */
  healthyMs: number;
}

export const DEFAULT_LIMITS: Omit<ServiceLimits, 'maxMemoryMb'> = {
  startMs: 60_000,
  initMs: 30_000,
  disposeMs: 5_000,
  panelMs: 10_000,
  lookMs: 2_000,
  maxUnanswered: 7,
  firstPauseMs: 500,
  lastPauseMs: 60_000,
  healthyMs: 60_000,
};
