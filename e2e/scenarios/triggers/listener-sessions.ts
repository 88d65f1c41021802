import { setTimeout as pause } from 'node:timers/promises';
import type { Fleet } from './fleet.js';
import { readSessionFiles } from './session-files.js';

/** Stops the sessions that listeners started, each once it has done its work: a machine has no room for all of them. */
export class ListenerSessions {
  private isOver = false;
  private readonly stopped = new Set<string>();
  private readonly done: Promise<void>;

  constructor(private readonly fleet: Fleet) {
    this.done = this.stopAll();
  }

  async end(): Promise<void> {
    this.isOver = true;
    await this.done;
  }

  private async stopAll(): Promise<void> {
    while (!this.isOver) {
      for (const { sessionId, isAnswered } of readSessionFiles(this.fleet.home))
        if (isAnswered && !this.fleet.sessionIds.includes(sessionId) && !this.stopped.has(sessionId))
          await this.stop(sessionId);
      await pause(500);
    }
  }

  /** A relay that is away is asked again in the next round. */
  private async stop(sessionId: string): Promise<void> {
    const { api } = this.fleet;
    const ask = { signal: AbortSignal.timeout(2_000) };
    const path = `/api/sessions/${sessionId}`;
    try {
      const waiting = await api.send<{ triggers?: unknown[] }>('GET', `${path}/waiting-triggers`, ask);
      if (waiting.body.triggers?.length !== 0) return;
      const answer = await api.send('POST', `${path}/stop`, { body: {}, ...ask });
      if (answer.status < 300) this.stopped.add(sessionId);
    } catch (error) {
      if (!(error instanceof Error)) throw error;
    }
  }
}
