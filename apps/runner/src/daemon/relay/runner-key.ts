import { Injectable } from '@nestjs/common';
import { isLoopback } from '../../config/relay-url.js';
import type { RunnerConfig } from '../../config/runner-config.js';
import { readTextFile } from '../../files/private-file.js';
import type { Logger } from '../../logging/logger.js';
import { RunnerIdentity } from '../identity/runner-identity.js';
import { InjectConfig, InjectLogger } from '../settings/settings.module.js';
import { RelayApi } from './relay-api.js';

/** Nothing to show to the relay yet; the runner waits and looks again. */
export class NoKeyError extends Error {
  readonly code = 'no_api_key';

  constructor(relayUrl: string, enrolmentFile: string) {
    super(
      `No key for the relay ${relayUrl}. Create one in the console's settings and set PIZZAPI_API_KEY; ` +
        `a relay on this machine is also joined by its secret in ${enrolmentFile}.`,
    );
    this.name = 'NoKeyError';
  }
}

/** The runner's key: configured by a person, else got from the relay of this machine by its one-time secret. */
@Injectable()
export class RunnerKey {
  private pending: Promise<string> | undefined;

  constructor(
    @InjectConfig() private readonly config: RunnerConfig,
    @InjectLogger() private readonly logger: Logger,
    private readonly identity: RunnerIdentity,
    private readonly api: RelayApi,
  ) {}

  /** @throws NoKeyError while there is none; RelayRefusedError when the secret is refused */
  async get(relayUrl: string): Promise<string> {
    const known = this.config.apiKey ?? this.identity.enrolledKey(relayUrl);
    if (known !== undefined) return known;
    // The socket and a worker's token may ask at the same time, but the secret opens once.
    this.pending ??= this.enrol(relayUrl).finally(() => (this.pending = undefined));
    return this.pending;
  }

  /** The relay refused the key. One that came by enrolment is dropped if there is a new secret to enrol with. */
  wasRefused(relayUrl: string): void {
    if (this.config.apiKey === null && this.readSecret(relayUrl) !== null) this.identity.forgetKey(relayUrl);
  }

  private async enrol(relayUrl: string): Promise<string> {
    const secret = this.readSecret(relayUrl);
    if (secret === null) throw new NoKeyError(relayUrl, this.config.enrolmentFile);
    const { runnerId } = this.identity;
    const apiKey = await this.api.enrol(relayUrl, { secret, runnerId, name: this.config.runnerName });
    this.identity.keepKey(relayUrl, apiKey);
    this.logger.info({ relayUrl, runnerId }, 'enrolled at the relay of this machine');
    return apiKey;
  }

  private readSecret(relayUrl: string): string | null {
    return isLoopback(relayUrl) ? readTextFile(this.config.enrolmentFile)?.trim() || null : null;
  }
}
