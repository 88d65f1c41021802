import type { IncomingMessage, ServerResponse } from 'node:http';
import { Injectable } from '@nestjs/common';
import { ProblemCode } from '@pizzapi/protocol';
import { ProblemError, unauthenticated } from '../../../platform/http/problem.error.js';
import { FindReach } from '../access/find-reach.js';
import { tunnelCookie } from '../carrying/tunnel-cookie.js';
import { Passes } from '../tickets/passes.js';
import { TunnelHosts } from './tunnel-hosts.js';

const ENTER = '/.pizzapi/enter?';

/** Exchanges a ticket for the cookie of the tunnel's own origin. */
@Injectable()
export class EnterTunnel {
  constructor(
    private readonly passes: Passes,
    private readonly find: FindReach,
    private readonly hosts: TunnelHosts,
  ) {}

  /** Whether the path belongs to the relay; such requests are not forwarded to services. */
  takes({ url = '' }: IncomingMessage): boolean {
    return url.startsWith('/.pizzapi/');
  }

  /** @throws ProblemError `unauthenticated` for a ticket that is forged, used, expired or for another tunnel */
  async run(request: IncomingMessage, response: ServerResponse, label: string): Promise<void> {
    const { url = '', method, headers } = request;
    if (method !== 'GET' || !url.startsWith(ENTER))
      throw new ProblemError(404, ProblemCode.notFound, "Addresses below /.pizzapi are the relay's own.");
    const ticket = new URLSearchParams(url.slice(ENTER.length)).get('ticket') ?? '';
    const pass = await this.passes.take('ticket', ticket);
    const reach = pass && (await this.find.byPass(pass));
    if (reach?.tunnel.label !== label)
      throw unauthenticated(
        'This way in was used already, or is older than a minute. Open the tunnel from the console again.',
      );
    const { tunnel, userId, credential } = reach;
    const cookie = await this.passes.issue('cookie', { tunnelId: tunnel.tunnelId, userId, credential });
    response.writeHead(302, {
      // An absolute URL, because a path may begin with two slashes.
      location: this.hosts.originOf(headers.host ?? '') + (pass?.path ?? '/'),
      'set-cookie': tunnelCookie(cookie),
      'cache-control': 'no-store',
      'referrer-policy': 'no-referrer',
    });
    response.end();
  }
}
