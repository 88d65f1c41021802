import { lookup } from 'node:dns/promises';
import { networkInterfaces } from 'node:os';
import { Injectable } from '@nestjs/common';
import type { RunnerConfig } from '../../config/runner-config.js';
import { InjectConfig } from '../settings/settings.module.js';

/** Which loopback ports may be reached from outside at all, whatever the relay has written down. */
@Injectable()
export class PortRules {
  constructor(@InjectConfig() private readonly config: RunnerConfig) {}

  /** Null: it may; else a sentence that says why not. */
  async refusal(port: number): Promise<string | null> {
    if (!(await this.isRelay(port))) return null;
    return `Port ${port} is the relay's own on this machine; a tunnel to it would lead the relay to itself. Name the port of your service.`;
  }

  private async isRelay(port: number): Promise<boolean> {
    if (this.config.relayUrl === null) return false;
    const { protocol, port: named, hostname } = new URL(this.config.relayUrl);
    const relayPort = Number(named || (protocol === 'https:' ? 443 : 80));
    return port === relayPort && (await isThisMachine(hostname.replace(/^\[|\]$/g, '')));
  }
}

async function isThisMachine(hostname: string): Promise<boolean> {
  const own = new Set(Object.values(networkInterfaces()).flatMap((list) => (list ?? []).map(({ address }) => address)));
  try {
    const addresses = await lookup(hostname, { all: true });
    return addresses.some(({ address }) => own.has(address) || address === '::1' || address.startsWith('127.'));
  } catch {
    // A name that nothing answers for is no machine at all, so not this one either.
    return false;
  }
}
