import { randomInt, timingSafeEqual } from 'node:crypto';
import { Injectable, type OnApplicationBootstrap } from '@nestjs/common';
import { ProblemCode } from '@pizzapi/protocol';
import { PinoLogger } from 'nestjs-pino';
import { RelayConfig } from '../../../config/config.js';
import { ProblemError } from '../../../platform/http/problem.error.js';
import { FirstAccount } from '../../auth/index.js';

/** Without the letters that are mistaken for digits. */
const LETTERS = 'ABCDEFGHJKLMNPQRSTUVWXYZ23456789';
const LENGTH = 12;
const LOOPBACK = new Set(['127.0.0.1', '::1', 'localhost']);

/**
 * On an address that others can reach, whoever comes first would own the relay: the first account needs the code that the relay
 * printed at its start.
 */
@Injectable()
export class SetupCode implements OnApplicationBootstrap {
  private readonly code = Array.from({ length: LENGTH }, () => LETTERS[randomInt(LETTERS.length)]).join('');

  constructor(
    private readonly config: RelayConfig,
    private readonly firstAccount: FirstAccount,
    private readonly logger: PinoLogger,
  ) {}

  /** Until there is an account. */
  get isNeeded(): boolean {
    return !LOOPBACK.has(this.config.host);
  }

  async onApplicationBootstrap(): Promise<void> {
    if (!this.isNeeded || (await this.firstAccount.find())) return;
    // For the person at the terminal; it is worth nothing once there is an account.
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
