import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Duplex } from 'node:stream';
import { Injectable } from '@nestjs/common';
import { ProblemCode } from '@pizzapi/protocol';
import { RelayConfig } from '../../../config/config.js';
import { type Entrance, FrontDoor } from '../../../platform/http/door/front-door.js';
import { consoleOrigins } from '../../../platform/http/origin.js';
import { ProblemError, unauthenticated } from '../../../platform/http/problem.error.js';
import { toProblem } from '../../../platform/http/problem.js';
import { Proxies } from '../../../platform/http/proxies.js';
import { FindReach } from '../access/find-reach.js';
import type { Reach } from '../access/reach.js';
import { frameAncestors } from '../carrying/answer-headers.js';
import { type Carriage, Carry } from '../carrying/carry.js';
import { refuseForeignPages, refuseForeignSockets } from '../carrying/cross-site.js';
import { refuse } from '../carrying/refuse.js';
import { towardsService } from '../carrying/request-headers.js';
import { withoutKeys } from '../carrying/request-path.js';
import { tunnelCookieOf } from '../carrying/tunnel-cookie.js';
import { TunnelAddresses } from '../tunnels/tunnel-addresses.js';
import { TunnelRepository } from '../tunnels/tunnel.repository.js';
import { EnterTunnel } from './enter-tunnel.js';
import { OwnCookies } from './own-cookies.js';
import { ownOriginAnswer } from './own-origin-answer.js';
import { TunnelHosts } from './tunnel-hosts.js';

/** A request to a tunnel's own host. */
interface Visit {
  host: string;
  label: string;
}

/** Tunnels on their own origins: all paths of such a host belong to the service, including those that the relay itself has elsewhere. */
@Injectable()
export class OwnOriginEntrance implements Entrance {
  private readonly ancestors: string;
  private readonly scheme: string;

  constructor(
    private readonly hosts: TunnelHosts,
    private readonly find: FindReach,
    private readonly enter: EnterTunnel,
    private readonly cookies: OwnCookies,
    private readonly carry: Carry,
    private readonly tunnels: TunnelRepository,
    private readonly addresses: TunnelAddresses,
    private readonly proxies: Proxies,
    config: RelayConfig,
    door: FrontDoor,
  ) {
    this.ancestors = frameAncestors(consoleOrigins(config));
    this.scheme = new URL(config.publicUrl).protocol;
    door.add('host', this);
  }

  takes({ headers: { host } }: IncomingMessage): boolean {
    return this.hosts.isTunnel(host);
  }

  async request(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const label = this.hosts.labelOf(request.headers.host);
    try {
      const visit = this.visit(request);
      if (this.enter.takes(request)) return await this.enter.run(request, response, visit.label);
      const reach = await this.reachOf(request, visit);
      if (!reach && isTopLevel(request)) return this.leadToConsole(request, response, visit.label);
      if (!reach) throw notLetIn();
      refuseForeignPages(request, (origin) => this.hosts.isOwn(origin, visit.host, visit.label));
      await this.carry.request(request, response, this.carriage(request, visit, reach));
    } catch (error) {
      refuse(request, response, toProblem(error), {
        headers: [['content-security-policy', `frame-ancestors ${this.ancestors}`]],
        action: label === null ? null : { href: this.addresses.consolePageOf(label), text: 'Open it from the console' },
      });
    }
  }

  async upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): Promise<void> {
    const visit = this.visit(request);
    refuseForeignSockets(request, (origin) => this.hosts.isOwn(origin, visit.host, visit.label));
    const reach = await this.reachOf(request, visit);
    if (!reach) throw notLetIn();
    await this.carry.upgrade(request, socket, head, this.carriage(request, visit, reach));
  }

  private visit({ headers: { host = '' } }: IncomingMessage): Visit {
    const label = this.hosts.labelOf(host);
    if (label === null)
      throw new ProblemError(
        404,
        ProblemCode.tunnelAddressInvalid,
        'No tunnel can have this address; copy it from the console again.',
      );
    return { host, label };
  }

  /** @returns null if the visitor has to enter through the console. @throws ProblemError `not_found` if there is no such tunnel */
  private async reachOf(request: IncomingMessage, { label }: Visit): Promise<Reach | null> {
    const secret = tunnelCookieOf(request.headers.cookie);
    const reach = secret === null ? null : await this.find.byCookie(secret, label);
    if (!reach && !(await this.tunnels.findByLabel(label)))
      throw new ProblemError(
        404,
        ProblemCode.notFound,
        'Nothing is exposed at this address, or not any more: its session may have ended, or somebody closed the tunnel.',
      );
    return reach;
  }

  private carriage(request: IncomingMessage, { host, label }: Visit, reach: Reach): Carriage {
    const forwarded = { for: this.proxies.forwardedFor(request), scheme: this.scheme };
    const isForService = this.cookies.filter(label, request.headers.cookie);
    const form = {
      ancestors: this.ancestors,
      proofFor: (cookie: string) => this.cookies.proofFor(label, cookie),
    };
    return {
      reach,
      path: withoutKeys(request.url ?? '/'),
      headers: towardsService(request, forwarded, { isForService }),
      publicOrigin: this.hosts.originOf(host),
      rewriteAnswer: (answer) => ownOriginAnswer(answer, form),
    };
  }

  private leadToConsole(request: IncomingMessage, response: ServerResponse, label: string): void {
    const query = new URLSearchParams({ path: withoutKeys(request.url ?? '/') });
    response.writeHead(302, {
      location: `${this.addresses.consolePageOf(label)}?${query.toString()}`,
      'cache-control': 'no-store',
      'referrer-policy': 'no-referrer',
    });
    response.end();
  }
}

function notLetIn(): ProblemError {
  return unauthenticated('The console lets you in here: open the tunnel from there, logged in as its owner.');
}

/** Only top-level navigations can be redirected to the console, which cannot be framed. Older browsers do not say what a request is for. */
function isTopLevel({ method, headers }: IncomingMessage): boolean {
  const { accept = '', 'sec-fetch-dest': destination, 'sec-fetch-mode': mode } = headers;
  if (method !== 'GET') return false;
  return destination === undefined ? accept.includes('text/html') : destination === 'document' && mode === 'navigate';
}
