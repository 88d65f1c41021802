import { Injectable } from '@nestjs/common';
import { ProblemCode } from '@pizzapi/protocol';
import type { RunnerConfig } from '../../config/runner-config.js';
import type { DaemonMessage } from '../../control/messages.js';
import { errorText } from '../../logging/logger.js';
import { RunnerIdentity } from '../identity/runner-identity.js';
import { RelayRefusedError } from '../../relay-link/refusal.js';
import { RelayApi } from '../relay/relay-api.js';
import { RunnerKey } from '../relay/runner-key.js';
import { InjectConfig } from '../settings/settings.module.js';

/** Fetches workers' tokens with the runner's key, which a worker never sees. */
@Injectable()
export class WorkerTokens {
  constructor(
    @InjectConfig() private readonly config: RunnerConfig,
    private readonly identity: RunnerIdentity,
    private readonly key: RunnerKey,
    private readonly api: RelayApi,
  ) {}

  /** Never rejects: a worker asks again later. */
  async answer(sessionId: string, requestId: number): Promise<DaemonMessage> {
    const { relayUrl } = this.config;
    try {
      if (relayUrl === null) throw new Error('The relay is switched off in the settings.');
      const token = await this.api.workerToken(
        relayUrl,
        this.identity.runnerId,
        await this.key.get(relayUrl),
        sessionId,
      );
      return { type: 'token', requestId, token };
    } catch (error) {
      const code = error instanceof RelayRefusedError ? error.code : ProblemCode.unavailable;
      return { type: 'token-refused', requestId, code, detail: errorText(error) };
    }
  }
}
