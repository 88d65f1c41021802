import { Injectable } from '@nestjs/common';
import { RelayConfig } from '../../../config/config.js';
import { isTunnelLabel } from '../tunnels/tunnel-label.js';

/** Recognises the host names of tunnels. */
@Injectable()
export class TunnelHosts {
  /** The part after the label; null if there is no tunnel domain. */
  private readonly suffix: string | null;
  private readonly console: string;
  private readonly scheme: string;

  constructor(private readonly config: RelayConfig) {
    const { hostname, protocol } = new URL(config.publicUrl);
    this.suffix = config.tunnelDomain === null ? null : `.${withoutPort(config.tunnelDomain)}`;
    this.console = hostname;
    this.scheme = protocol;
  }

  /** Whether a `Host` is below the tunnel domain, even if there is no such tunnel. */
  isTunnel(host: string | undefined): boolean {
    if (this.suffix === null || host === undefined) return false;
    const name = withoutPort(host);
    return name.endsWith(this.suffix) && name !== this.console;
  }

  /** @returns null if no tunnel can have this name */
  labelOf(host: string | undefined): string | null {
    const label = withoutPort(host ?? '').slice(0, -(this.suffix?.length ?? 0));
    return isTunnelLabel(label) ? label : null;
  }

  /** The origin as the browser sees it: behind a proxy, the port may differ from the relay's. */
  originOf(host: string): string {
    return `${this.scheme}//${host.toLowerCase()}`;
  }

  /** Whether an `Origin` is that of the tunnel. */
  isOwn(origin: string, host: string, label: string): boolean {
    return origin === this.originOf(host) || origin === `${this.scheme}//${label}.${this.config.tunnelDomain}`;
  }
}

function withoutPort(host: string): string {
  return host.toLowerCase().replace(/:\d*$/, '').replace(/\.$/, '');
}
