import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Duplex } from 'node:stream';
import { Injectable } from '@nestjs/common';
import { ProblemCode } from '@pizzapi/protocol';
import { RelayConfig } from '../../../config/config.js';
import { type Entrance, FrontDoor } from '../../../platform/http/door/front-door.js';
import { refuseUpgrade } from '../../../platform/http/door/raw-answers.js';
import { consoleOrigins, isOwnOrigin } from '../../../platform/http/origin.js';
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
import { type PathAddress, parsePathAddress } from './path-address.js';
import { pathFormAnswer, pathFormHeaders } from './path-form-answer.js';

const BELOW = '/api/tunnel/';
const BY_TOKEN = '/api/tunnel/auth/';
/** Not forwarded: cookies are the console's here, and a referrer may contain a token. */
const NOT_FOR_SERVICES: ReadonlySet<string> = new Set(['cookie', 'referer']);
/** Kinds of resources that a page executes or applies. */
const CODE: ReadonlySet<string> = new Set([
  'audioworklet',
  'embed',
  'manifest',
  'object',
  'paintworklet',
  'script',
  'serviceworker',
  'sharedworker',
  'style',
  'worker',
  'xslt',
]);

/** Tunnels below a path of the relay itself: for scripts, and for browsers if there is no tunnel domain. */
@Injectable()
export class PathFormEntrance implements Entrance {
  private readonly ancestors: string;
  private readonly scheme: string;

  constructor(
    private readonly find: FindReach,
    private readonly carry: Carry,
    private readonly proxies: Proxies,
    private readonly config: RelayConfig,
    door: FrontDoor,
  ) {
    this.ancestors = frameAncestors(consoleOrigins(config));
    this.scheme = new URL(config.publicUrl).protocol;
    door.add('path', this);
  }

  takes({ url = '' }: IncomingMessage): boolean {
    return url.startsWith(BELOW);
  }

  async request(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const headers = this.headersFor(request);
    try {
      const address = addressOf(request);
      if (!address.path.startsWith('/')) return addSlash(response, address, headers);
      const reach = await this.reachOf(request, address, refuseForeignPages);
      if ('token' in address.by && request.method === 'OPTIONS') return allowAll(request, response, headers);
      await this.carry.request(request, response, this.carriage(request, address, reach));
    } catch (error) {
      refuse(request, response, toProblem(error), { headers });
    }
  }

  async upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): Promise<void> {
    try {
      const address = addressOf(request);
      const reach = await this.reachOf(request, address, refuseForeignSockets);
      await this.carry.upgrade(request, socket, head, this.carriage(request, address, reach));
    } catch (error) {
      refuseUpgrade(socket, toProblem(error), Object.fromEntries(this.headersFor(request)));
    }
  }

  /** @throws ProblemError */
  private async reachOf(
    request: IncomingMessage,
    { by }: PathAddress,
    refuseForeign: typeof refuseForeignPages,
  ): Promise<Reach> {
    refuseAsCode(request);
    if ('token' in by) {
      const reach = await this.find.byToken(by.token);
      if (!reach)
        throw unauthenticated(
          'This address was good for ten minutes, or is forged, or what it led to was closed. Open the tunnel from the console again.',
        );
      return reach;
    }
    // Not with a key in a header, which other sites cannot set.
    if (request.headers['x-api-key'] === undefined && request.headers.cookie !== undefined)
      refuseForeign(request, (origin) => isOwnOrigin(origin, this.config));
    return this.find.byRequest(request, by.target);
  }

  private carriage(request: IncomingMessage, { base, path, by }: PathAddress, reach: Reach): Carriage {
    const { origin } = request.headers;
    const form = { base, isByToken: 'token' in by, ancestors: this.ancestors };
    return {
      reach,
      path: withoutKeys(path === '' ? '/' : path),
      headers: towardsService(
        request,
        { for: this.proxies.forwardedFor(request), scheme: this.scheme },
        { without: NOT_FOR_SERVICES },
      ),
      // The request has been admitted: to the service it comes from its own page.
      ...(origin === undefined ? {} : { publicOrigin: origin }),
      rewriteAnswer: (answer) => pathFormAnswer(answer, form),
    };
  }

  private headersFor({ url = '' }: IncomingMessage): [string, string][] {
    return pathFormHeaders({ isByToken: url.startsWith(BY_TOKEN), ancestors: this.ancestors });
  }
}

function addressOf({ url = '' }: IncomingMessage): PathAddress {
  const address = parsePathAddress(url);
  if (!address)
    throw new ProblemError(
      404,
      ProblemCode.tunnelAddressInvalid,
      'Tunnels are at /api/tunnel/{sessionId}/{port}/, /api/tunnel/runner/{runnerId}/{port}/ and /api/tunnel/auth/{token}/.',
    );
  return address;
}

/** The console's policy allows code from its own origin, on which these addresses are. Refusing them as code closes that hole. */
function refuseAsCode({ headers }: IncomingMessage): void {
  const { 'sec-fetch-site': site, 'sec-fetch-dest': destination } = headers;
  if (site === 'same-origin' && destination !== undefined && CODE.has(String(destination)))
    throw new ProblemError(403, ProblemCode.originRefused, 'The console loads no code from tunnels.');
}

/** Redirects to the address with a slash, so that a page's relative URLs resolve below it. */
function addSlash(response: ServerResponse, { base, path }: PathAddress, headers: [string, string][]): void {
  response.writeHead(308, [...headers, ['location', `${base}/${path}`], ['content-length', '0']].flat());
  response.end();
}

/** Answers a CORS preflight. */
function allowAll(request: IncomingMessage, response: ServerResponse, headers: [string, string][]): void {
  const { 'access-control-request-method': method, 'access-control-request-headers': names } = request.headers;
  const allowed: [string, string][] = [['access-control-max-age', '600']];
  if (method !== undefined) allowed.push(['access-control-allow-methods', method]);
  if (names !== undefined) allowed.push(['access-control-allow-headers', names]);
  response.writeHead(204, [...headers, ...allowed].flat());
  response.end();
}
