import { randomBytes, timingSafeEqual } from 'node:crypto';
import { chmodSync, mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Injectable, type OnApplicationBootstrap } from '@nestjs/common';
import { RelayConfig } from '../../../config/config.js';

/**
 * The one-time secret by which a runner of this machine and user enrols without a key being copied. It lies in the data directory,
 * which nobody else can read; new at each start and after each use.
 */
@Injectable()
export class EnrolmentSecret implements OnApplicationBootstrap {
  private readonly file: string;
  private secret = '';

  constructor(config: RelayConfig) {
    this.file = join(config.dataDir, 'enrolment-secret');
  }

  onApplicationBootstrap(): void {
    this.renew();
  }

  /** @returns whether it was the right one; if so, it opens nothing any more */
  use(secret: string): boolean {
    const [given, expected] = [Buffer.from(secret), Buffer.from(this.secret)];
    if (given.length !== expected.length || !timingSafeEqual(given, expected)) return false;
    rmSync(this.file, { force: true });
    this.renew();
    return true;
  }

  private renew(): void {
    this.secret = randomBytes(32).toString('base64url');
    mkdirSync(join(this.file, '..'), { recursive: true, mode: 0o700 });
    // Written beside and moved, so that nobody reads half of it or finds it with wider rights.
    const fresh = `${this.file}.${process.pid}`;
    writeFileSync(fresh, this.secret, { mode: 0o600 });
    chmodSync(fresh, 0o600);
    renameSync(fresh, this.file);
  }
}
