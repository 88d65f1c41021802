import { createHash } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import { Injectable } from '@nestjs/common';
import { notFound, ProblemError } from '../../../platform/http/problem.error.js';
import { AuthenticateSocket, type Caller, type CredentialId, LiveCredentials, requireKind } from '../../auth/index.js';
import { RunnerViews } from '../../runners/index.js';
import { SessionAccess } from '../../sessions/index.js';
import { type Pass, type PassKind, Passes } from '../tickets/passes.js';
import { PathTokens } from '../tickets/path-tokens.js';
import { mayUse } from '../tunnels/tunnel-access.js';
import { TunnelPolicies } from '../policy/tunnel-policies.js';
import type { TunnelEntity } from '../tunnels/tunnel.entity.js';
import { TunnelRepository } from '../tunnels/tunnel.repository.js';
import { KnownReaches } from './known-reaches.js';
import type { Reach } from './reach.js';

/** The target of an address in the path form. */
export type PathTarget = { sessionId: string; port: number } | { runnerId: string; port: number };

/** Decides who may reach which tunnel. Results are cached for a few seconds, and dropped immediately when their credential or tunnel ends. */
@Injectable()
export class FindReach {
  constructor(
    private readonly known: KnownReaches,
    private readonly passes: Passes,
    private readonly tokens: PathTokens,
    private readonly tunnels: TunnelRepository,
    private readonly credentials: LiveCredentials,
    private readonly authenticate: AuthenticateSocket,
    private readonly sessions: SessionAccess,
    private readonly runners: RunnerViews,
    private readonly policies: TunnelPolicies,
  ) {}

  /** For the cookie of a tunnel's own origin. @returns null if it is not valid there */
  byCookie(secret: string, label: string): Promise<Reach | null> {
    return this.known.find(`cookie ${label} ${secret}`, async () => {
      const reach = await this.ofPass('cookie', secret);
      return reach?.tunnel.label === label ? reach : null;
    });
  }

  /** For the signed token in a path. */
  byToken(token: string): Promise<Reach | null> {
    return this.known.find(`token ${token}`, async () => {
      const claims = await this.tokens.verify(token);
      const reach = claims && (await this.ofPass('token', claims.secret));
      return reach && reach.tunnel.tunnelId === claims.tunnelId ? reach : null;
    });
  }

  /**
   * For a request with a key or with the console's cookie.
   * @throws ProblemError `unauthenticated`, `forbidden`, `not_found`, `port_refused`
   */
  async byRequest(request: IncomingMessage, target: PathTarget): Promise<Reach> {
    const { 'x-api-key': key, cookie } = request.headers;
    // Hashed, so that the credential itself does not stay in memory.
    const proof = createHash('sha256')
      .update(JSON.stringify([key, cookie, target]))
      .digest('base64');
    const reach = await this.known.find(`request ${proof}`, async () => {
      const caller = await this.authenticate.authenticate(request);
      requireKind(caller, ['person']);
      const tunnel = await this.ofTarget(target, caller);
      if (!tunnel || !mayUse(tunnel, caller)) return null;
      await this.policies.require(tunnel, caller.role);
      return { tunnel, userId: caller.userId, credential: nameOf(caller.credential) };
    });
    if (!reach) throw notFound('tunnel');
    return reach;
  }

  /** For a ticket that has been taken. @returns null if its tunnel or credential has ended */
  byPass({ tunnelId, userId, credential }: Pass): Promise<Reach | null> {
    return this.of({ tunnelId, userId, credential });
  }

  /** Whether a running exchange may continue. */
  async isGood({ tunnel, userId, credential }: Reach): Promise<boolean> {
    try {
      return (await this.of({ tunnelId: tunnel.tunnelId, userId, credential })) !== null;
    } catch (error) {
      // A policy that this relay does not understand allows nothing.
      if (error instanceof ProblemError) return false;
      throw error;
    }
  }

  private async ofPass(kind: PassKind, secret: string): Promise<Reach | null> {
    const pass = await this.passes.read(kind, secret);
    return pass && this.of(pass);
  }

  private async of({ tunnelId, userId, credential }: Pass): Promise<Reach | null> {
    const [tunnel, caller] = await Promise.all([
      this.tunnels.find(tunnelId),
      this.credentials.callerOf(credential, userId),
    ]);
    if (!tunnel || caller?.kind !== 'person' || !mayUse(tunnel, caller)) return null;
    return (await this.policies.allows(tunnel, caller.role)) ? { tunnel, userId, credential } : null;
  }

  /** The tunnel of an exposed port, or of a service whose panel is on that port now. */
  private async ofTarget(target: PathTarget, caller: Caller): Promise<TunnelEntity | null> {
    if ('runnerId' in target) {
      const { runnerId, port } = target;
      return (await this.tunnels.ofPort(runnerId, port, caller.userId)) ?? this.ofPanel(runnerId, port);
    }
    const { sessionId, runnerId } = await this.sessions.require(target.sessionId, caller);
    const own = (await this.tunnels.ofSession(sessionId)).find(({ port }) => port === target.port);
    return own ?? this.ofPanel(runnerId, target.port);
  }

  private async ofPanel(runnerId: string, port: number): Promise<TunnelEntity | null> {
    const [found] = await this.runners.byIds([runnerId]);
    const panel = found?.runner.panels.find((known) => known.port === port);
    return panel ? this.tunnels.ofService(runnerId, panel.serviceId) : null;
  }
}

function nameOf(credential: Caller['credential']): CredentialId {
  return credential.kind === 'key'
    ? { kind: 'key', keyId: credential.keyId }
    : { kind: 'login', loginId: credential.loginId };
}
