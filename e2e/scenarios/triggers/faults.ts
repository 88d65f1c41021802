import { setTimeout as pause } from 'node:timers/promises';
import { waitFor } from '@pizzapi/testing';
import { daemonPid, workerPid } from '../runner-pids.js';
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

  private async relay(): Promise<void> {
    const { relays } = this.fleet.product;
    const relay = relays[Math.floor(this.options.random() * relays.length)];
    await relay?.kill('SIGKILL');
    await pause(this.options.random() * 1_000);
    await relay?.start();
  }

  private redis(): Promise<void> {
    return this.fleet.product.crashRedis();
  }

  private async daemon(): Promise<void> {
    const pid = await waitFor(() => daemonPid(this.fleet.runner), { description: 'there is a daemon' });
    process.kill(pid, 'SIGKILL');
  }

  private async worker(): Promise<void> {
    const { sessionIds, home } = this.fleet;
    const start = Math.floor(this.options.random() * sessionIds.length);
    const rotated = [...sessionIds.slice(start), ...sessionIds.slice(0, start)];
    const victim = rotated.find((sessionId) => this.killsOf(sessionId) < MAX_KILLS_PER_WORKER);
    if (victim === undefined) return;
    const pid = await waitFor(() => workerPid(home, victim), { description: 'the worker runs', timeoutMs: 60_000 });
    process.kill(pid, 'SIGKILL');
    this.killed.set(victim, this.killsOf(victim) + 1);
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
