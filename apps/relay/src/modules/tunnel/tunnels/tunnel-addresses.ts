import { Injectable } from '@nestjs/common';
import { RelayConfig } from '../../../config/config.js';

/** The addresses of tunnels: each has its own origin below the tunnel domain, if there is one. */
@Injectable()
export class TunnelAddresses {
  private readonly scheme: string;

  constructor(private readonly config: RelayConfig) {
    this.scheme = new URL(config.publicUrl).protocol;
  }

  /** @returns null if this relay has no tunnel domain */
  originOf(label: string): string | null {
    const { tunnelDomain } = this.config;
    return tunnelDomain === null ? null : `${this.scheme}//${label}.${tunnelDomain}`;
  }

  /** The console's page that requests a ticket and enters the tunnel. */
  consolePageOf(label: string): string {
    return `${this.config.publicUrl}/open-tunnel/${label}`;
  }
}
