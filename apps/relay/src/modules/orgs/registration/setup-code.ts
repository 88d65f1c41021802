import { randomInt, timingSafeEqual } from 'node:crypto';
import { Injectable, type OnApplicationBootstrap } from '@nestjs/common';
import { ProblemCode } from '@pizzapi/protocol';
import { PinoLogger } from 'nestjs-pino';
import { RelayConfig } from '../../../config/config.js';
import { ProblemError } from '../../../platform/http/problem.error.js';
import { FirstAccount } from '../../auth/index.js';

/** Without letters that look like digits. */
const LETTERS = 'ABCDEFGHJKLMNPQRSTUVWXYZ23456789';
const LENGTH = 12;
const LOOPBACK = new Set(['127.0.0.1', '::1', 'localhost']);

/**
 * The set-up code, which the relay prints at its start. On an address that others can reach, the first account requires it; otherwise
 * anybody who finds the relay first could own it.
 */
@Injectable()
export class SetupCode implements OnApplicationBootstrap {
  private readonly code = Array.from({ length: LENGTH }, () => LETTERS[randomInt(LETTERS.length)]).join('');

  constructor(
    private readonly config: RelayConfig,
    private readonly firstAccount: FirstAccount,
    private readonly logger: PinoLogger,
  ) {}

  /** Whether the first account requires it. */
  get isNeeded(): boolean {
    return !LOOPBACK.has(this.config.host);
  }

  async onApplicationBootstrap(): Promise<void> {
    if (!this.isNeeded || (await this.firstAccount.find())) return;
    // Printed for whoever started the relay. The code is useless once there is an account.
    process.stdout.write(`Set-up code for the first account: ${this.code}\n`);
    this.logger.info('The first account needs the set-up code printed above');
  }

  /** @throws ProblemError `setup_code_invalid` */
  check(given: string | undefined): void {
    if (!this.isNeeded) return;
    const [left, right] = [Buffer.from((given ?? '').trim().toUpperCase()), Buffer.from(this.code)];
    if (left.length === right.length && timingSafeEqual(left, right)) return;
    throw new ProblemError(
      403,
      ProblemCode.setupCodeInvalid,
      'The first account needs the set-up code that the relay printed when it started.',
    );
  }
}
