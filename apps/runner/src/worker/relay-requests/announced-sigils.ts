import { setTimeout as pause } from 'node:timers/promises';
import type { SigilDef } from '@pizzapi/protocol';

/** The relay announces on connecting; one that does not must not hold up the agent. */
const PATIENCE_MS = 1_000;

/** The sigils that the services of this runner declare, as the relay last said. */
export class AnnouncedSigils {
  private sigils: readonly SigilDef[] = [];
  private readonly announced = Promise.withResolvers<void>();
  private known: Promise<void> | null = null;

  constructor(private readonly patienceMs = PATIENCE_MS) {}

  take(sigils: readonly SigilDef[]): void {
    this.sigils = sigils;
    this.announced.resolve();
  }

  /** A session that a trigger starts begins its only turn right when it connects: the first call waits a moment for the announcement. */
  async current(): Promise<readonly SigilDef[]> {
    this.known ??= Promise.race([this.announced.promise, pause(this.patienceMs, undefined, { ref: false })]);
    await this.known;
    return this.sigils;
  }
}
