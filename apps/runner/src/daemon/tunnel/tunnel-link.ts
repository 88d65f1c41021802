import { Injectable, type OnApplicationShutdown, type OnModuleInit } from '@nestjs/common';
import { MAX_TUNNEL_STREAMS } from '@pizzapi/protocol';
import { DialRefusedError, toLoopback, TunnelDialer } from '@pizzapi/tunnel';
import type { RunnerConfig } from '../../config/runner-config.js';
import { errorText, type Logger } from '../../logging/logger.js';
import { Backoff } from '../../retry/backoff.js';
import { RunnerIdentity } from '../identity/runner-identity.js';
import { RelayConnection } from '../relay/relay-connection.js';
import { RunnerKey } from '../relay/runner-key.js';
import { InjectConfig, InjectLogger } from '../settings/settings.module.js';
import { TunnelPorts } from './tunnel-ports.js';

/** What is on its way when the daemon stops gets this long; the daemon itself has a few seconds. */
const GRACE_MS = 1_000;

/** The daemon's tunnel to the relay: requests to this machine's services come through it. Kept up for as long as the daemon runs. */
@Injectable()
export class TunnelLink implements OnModuleInit, OnApplicationShutdown {
  private readonly dialer: TunnelDialer | null;
  private lastComplaint = '';

  constructor(
    @InjectConfig() { relayUrl }: RunnerConfig,
    @InjectLogger() private readonly logger: Logger,
    private readonly identity: RunnerIdentity,
    private readonly key: RunnerKey,
    private readonly relay: RelayConnection,
    ports: TunnelPorts,
  ) {
    this.dialer = relayUrl === null ? null : this.dialerTo(relayUrl, ports);
  }

  /**
   * A relay that sees this runner for the first time knows it by its first connection, and until then refuses its tunnel. Each later
   * connection says that a relay is there again: whoever looks at a panel need not wait until the next attempt is due.
   */
  onModuleInit(): void {
    this.relay.socket?.on('connect', () => this.dialer?.open());
  }

  async onApplicationShutdown(): Promise<void> {
    await this.dialer?.close(GRACE_MS);
  }

  private dialerTo(relayUrl: string, ports: TunnelPorts): TunnelDialer {
    return new TunnelDialer({
      url: `${relayUrl}/_tunnel`,
      credentials: async () => ({
        'x-api-key': await this.key.get(relayUrl),
        'x-pizzapi-runner': this.identity.runnerId,
      }),
      maxStreams: MAX_TUNNEL_STREAMS,
      handler: toLoopback({ portOf: (target) => ports.portOf(target) }),
      pauses: new Backoff({ firstMs: 250, maxMs: 15_000 }),
      onOpen: (form) => {
        this.lastComplaint = '';
        this.logger.info({ relayUrl, form }, 'the tunnel to the relay is open');
      },
      onClosed: (reason) => this.logger.warn({ relayUrl, reason }, 'the tunnel to the relay ended; dialling again'),
      onFailed: (error) => this.complain(relayUrl, error),
    });
  }

  /** Logs a lasting problem once, not with every attempt. A refused key is for {@link RelayConnection} to act on. */
  private complain(relayUrl: string, error: unknown): void {
    const reason =
      error instanceof DialRefusedError ? `the relay answered ${error.status}: ${error.body}` : errorText(error);
    if (reason === this.lastComplaint) return;
    this.lastComplaint = reason;
    this.logger.warn({ relayUrl, reason }, 'the tunnel to the relay cannot be opened; trying again');
  }
}
