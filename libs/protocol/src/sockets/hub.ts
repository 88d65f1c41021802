import type { RunnerView } from '../values/runner.js';
import type { SessionView } from '../values/session.js';

/**
 * Namespace `/hub`: a browser's live lists. After every (re)connect the browser reads the lists by REST; these
 * messages only keep them fresh.
 */
export interface RelayToHub {
  'session:updated': (message: { session: SessionView }) => void;
  'session:removed': (message: { sessionId: string }) => void;
  'runner:updated': (message: { runner: RunnerView }) => void;
  'runner:removed': (message: { runnerId: string }) => void;
  /** Some of a runner's listeners were added, changed or removed: read the list again. */
  'listeners:changed': (message: { runnerId: string }) => void;
  /** The number of the user's dead letters. */
  'dead-letters:count': (message: { count: number }) => void;
  /** The relay is about to stop; reconnect elsewhere, with jitter. */
  'relay:stopping': (message: object) => void;
}
