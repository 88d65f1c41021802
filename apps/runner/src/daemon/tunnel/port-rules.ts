import { lookup } from 'node:dns/promises';
import { networkInterfaces } from 'node:os';
import { Injectable } from '@nestjs/common';
import type { RunnerConfig } from '../../config/runner-config.js';
import { InjectConfig } from '../settings/settings.module.js';

/** Which loopback ports may be reached from outside at all, whatever the relay has written down. */
@Injectable()
export class PortRules {
  /** Null: there is none. */
  private readonly relay: { port: number; hostname: string } | null;

  constructor(@InjectConfig() { relayUrl }: Pick<RunnerConfig, 'relayUrl'>) {
    this.relay = relayUrl === null ? null : placeOf(new URL(relayUrl));
  }

  /** Whether a port is allowed by its number alone. If it is not, {@link refusal} decides. */
  isFree(port: number): boolean {
    return port !== this.relay?.port;
  }

  /** Why a port may not be reached, as a sentence; null when it may. */
  async refusal(port: number): Promise<string | null> {
    if (this.isFree(port) || !(await isThisMachine(this.relay?.hostname ?? ''))) return null;
    return `Port ${port} is the relay's own on this machine; a tunnel to it would lead the relay to itself. Name the port of your service.`;
  }
}

function placeOf({ protocol, port, hostname }: URL): { port: number; hostname: string } {
  return { port: Number(port || (protocol === 'https:' ? 443 : 80)), hostname: hostname.replace(/^\[|\]$/g, '') };
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
