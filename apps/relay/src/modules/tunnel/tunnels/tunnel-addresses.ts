import { Injectable } from '@nestjs/common';
import { RelayConfig } from '../../../config/config.js';

/** Where tunnels are reached: each on an origin of its own below the tunnel domain, if there is one. */
@Injectable()
export class TunnelAddresses {
  private readonly scheme: string;

  constructor(private readonly config: RelayConfig) {
    this.scheme = new URL(config.publicUrl).protocol;
  }

  /** Null where this relay has no tunnel domain. */
  originOf(label: string): string | null {
    const { tunnelDomain } = this.config;
    return tunnelDomain === null ? null : `${this.scheme}//${label}.${tunnelDomain}`;
  }

  /** The console's page that asks for a ticket and enters. */
  consolePageOf(label: string): string {
    return `${this.config.publicUrl}/open-tunnel/${label}`;
  }
}
