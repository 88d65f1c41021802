import { randomBytes, timingSafeEqual } from 'node:crypto';
import { chmodSync, mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Injectable, type OnApplicationBootstrap } from '@nestjs/common';
import { RelayConfig } from '../../../config/config.js';

/**
 * The one-time secret with which a runner of the same machine and user enrols, so that nobody has to copy a key. It is in the data directory,
 * which nobody else can read, and is replaced at each start and after each use.
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

  /** @returns whether it is the current one, which is then replaced */
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
    // Written to another file and renamed, so that nobody sees a partial file or one with wider permissions.
    const fresh = `${this.file}.${process.pid}`;
    writeFileSync(fresh, this.secret, { mode: 0o600 });
    chmodSync(fresh, 0o600);
    renameSync(fresh, this.file);
  }
}
