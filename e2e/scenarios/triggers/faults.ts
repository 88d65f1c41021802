import { setTimeout as pause } from 'node:timers/promises';
import { waitFor } from '@pizzapi/testing';
import { daemonPid, workerPids } from '../runner-pids.js';
import type { Fleet } from './fleet.js';

export const FAULTS = ['relay', 'redis', 'daemon', 'worker', 'network'] as const;
export type Fault = (typeof FAULTS)[number];

/** A worker that crashed three times in ten minutes is not started again: that would be another test. */
const MAX_KILLS_PER_WORKER = 2;

export interface FaultOptions {
  random: () => number;
  cutMs: number;
}

/** Breaks one thing at a time, and puts back what does not come back by itself. */
export class Faults {
  /** What happened, in its order. */
  readonly log: Fault[] = [];
  private readonly killed = new Map<string, number>();

  constructor(
    private readonly fleet: Fleet,
    private readonly options: FaultOptions,
  ) {}

  /** Each kind, in an order that chance decides. */
  everyKind(): Fault[] {
    const left: Fault[] = [...FAULTS];
    return FAULTS.flatMap(() => left.splice(Math.floor(this.options.random() * left.length), 1));
  }

  anyKind(): Fault {
    return FAULTS[Math.floor(this.options.random() * FAULTS.length)] ?? 'relay';
  }

  async cause(fault: Fault): Promise<void> {
    this.log.push(fault);
    await this[fault]();
  }

  /** One of them, or all at once. */
  private async relay(): Promise<void> {
    const { relays } = this.fleet.product;
    const one = relays.slice(Math.floor(this.options.random() * relays.length)).slice(0, 1);
    const victims = this.options.random() < 0.25 ? relays : one;
    await Promise.all(victims.map((relay) => relay.kill('SIGKILL')));
    await pause(this.options.random() * 1_000);
    await Promise.all(victims.map((relay) => relay.start()));
  }

  private redis(): Promise<void> {
    return this.fleet.product.crashRedis();
  }

  private async daemon(): Promise<void> {
    const pid = await waitFor(() => daemonPid(this.fleet.runner), { description: 'there is a daemon' });
    process.kill(pid, 'SIGKILL');
  }

  /** Of a standing session or, the more often, of one that a listener started, if there is one just now. */
  private worker(): Promise<void> {
    const { sessionIds, home } = this.fleet;
    const pids = workerPids(home);
    const started = [...pids.keys()].filter((sessionId) => !sessionIds.includes(sessionId));
    const candidates = this.options.random() < 0.6 && started.length > 0 ? started : sessionIds;
    const start = Math.floor(this.options.random() * candidates.length);
    const victim = [...candidates.slice(start), ...candidates.slice(0, start)].find(
      (sessionId) => pids.has(sessionId) && this.killsOf(sessionId) < MAX_KILLS_PER_WORKER,
    );
    const pid = pids.get(victim ?? '');
    if (victim !== undefined && pid !== undefined) {
      process.kill(pid, 'SIGKILL');
      this.killed.set(victim, this.killsOf(victim) + 1);
    }
    return Promise.resolve();
  }

  private async network(): Promise<void> {
    this.fleet.network.cut();
    await pause(this.options.cutMs);
    this.fleet.network.heal();
  }

  private killsOf(sessionId: string): number {
    return this.killed.get(sessionId) ?? 0;
  }
}
