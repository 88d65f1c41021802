import { Failure } from './failure.mjs';
import { say } from './log.mjs';
import { onNpmGone } from './npm-parent.mjs';
import { killAll, markedProcesses } from './process-tree.mjs';

/** @typedef {import('./managed-process.mjs').ManagedProcess} ManagedProcess */

const STOP_WITHIN_MS = 15_000;
/** npm passes a Ctrl+C on that the terminal has already delivered to us: within this time it is the same one. */
const SAME_KEY_MS = 700;

/** Ends what `npm start` started: in order when asked once, at once when asked twice, always all of it. */
export class Shutdown {
  isAsked = false;
  #askedAt = 0;
  /** @type {ManagedProcess[]} */
  #processes = [];
  #mark;
  /** @type {(failure?: Failure) => void} */
  #settle = () => undefined;
  /** @type {Promise<never>} rejects when a process died or we were asked to stop */
  interrupted;

  /** @param {string} mark what the environment of everything started carries */
  constructor(mark) {
    this.#mark = mark;
    this.interrupted = new Promise((_, reject) => (this.#settle = (failure) => reject(failure ?? STOPPED)));
    this.interrupted.catch(() => undefined);
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => this.#ask());
    onNpmGone(() => this.isAsked || this.#ask());
  }

  /**
   * From here on it is stopped with us, and its death is ours.
   * @param {ManagedProcess} child
   */
  own(child) {
    this.#processes.unshift(child);
    void child.ended.then((how) => {
      if (child.isStopping || this.isAsked) return;
      this.#settle(new Failure(`The ${child.name} ended unexpectedly (${how}).`, child.unseenLines));
    });
    return child;
  }

  /** Until asked to stop; rejects when a process died. */
  async wait() {
    await this.interrupted.catch((reason) => {
      if (reason !== STOPPED) throw reason;
    });
  }

  /** Stops what runs, the last started first, and leaves nothing behind. */
  async finish() {
    const timer = setTimeout(() => this.#force(), STOP_WITHIN_MS);
    for (const child of this.#processes) await child.stop();
    clearTimeout(timer);
    killAll(markedProcesses(this.#mark));
    if (this.isAsked) say('Stopped.');
  }

  #ask() {
    if (!this.isAsked) {
      this.isAsked = true;
      this.#askedAt = Date.now();
      say('\nStopping … (Ctrl+C again to force)');
      if (this.#processes.length === 0) process.exit(130);
      this.#settle();
    } else if (Date.now() - this.#askedAt > SAME_KEY_MS) {
      this.#force();
    }
  }

  #force() {
    killAll(markedProcesses(this.#mark));
  }
}

const STOPPED = new Failure('Stopped before it was ready.');
