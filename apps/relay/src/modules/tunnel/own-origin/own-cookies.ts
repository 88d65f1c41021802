import { createHash, createHmac } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { RelayConfig } from '../../../config/config.js';
import { SecretKeys } from '../../../platform/secrets/secret-keys.js';
import { OUR_PREFIX } from '../carrying/tunnel-cookie.js';

/** Browsers accept a cookie with this prefix only from the host itself, and send it to no other. */
const HOST_PREFIX = '__Host-';
const PROOF_PREFIX = `${OUR_PREFIX}own-`;
/** 22 characters of base64url: 132 bits, which nobody can guess. */
const PROOF_LENGTH = 22;
/** Attributes that a proof does not take over from its cookie. Others, such as the expiry, it does. */
const OF_THE_PROOF = /^\s*(path|secure|httponly)\s*(=|$)/i;

/**
 * Separates the cookies of tunnels that are one site to a browser. There, a script can set a cookie for all of them, and requests do not say who
 * set it. So each cookie that a service sets gets a second one as a proof, which only the tunnel's own host can have.
 */
@Injectable()
export class OwnCookies {
  private readonly keys: readonly Buffer[];

  constructor(
    private readonly config: RelayConfig,
    secrets: SecretKeys,
  ) {
    this.keys = secrets.all('tunnel-cookies');
  }

  /** A predicate for the cookies of a request that belong to this tunnel. */
  filter(label: string, header = ''): (cookie: string) => boolean {
    if (!this.config.onlyOwnTunnelCookies) return () => true;
    const cookies = header.split(';').map((cookie) => cookie.trim());
    const proofs = new Set(cookies.filter((cookie) => cookie.startsWith(PROOF_PREFIX)).map(valueOf));
    return (cookie) =>
      cookie.startsWith(HOST_PREFIX) || this.keys.some((key) => proofs.has(proofOf(key, label, cookie)));
  }

  /** The `Set-Cookie` of a proof, which lives as long as its cookie and is sent whenever that is. */
  proofFor(label: string, cookie: string): string[] {
    const [pair = '', ...attributes] = cookie.split(';');
    const [key] = this.keys;
    if (!this.config.onlyOwnTunnelCookies || key === undefined || pair.startsWith(HOST_PREFIX)) return [];
    // Cookies with the same name are distinguished by path.
    const path = attributes.findLast((attribute) => nameOf(attribute).toLowerCase() === 'path') ?? '';
    const id = createHash('sha256')
      .update(`${nameOf(pair)};${valueOf(path)}`)
      .digest('base64url')
      .slice(0, 8);
    const alike = attributes.filter((attribute) => !OF_THE_PROOF.test(attribute));
    return [[`${PROOF_PREFIX}${id}=${proofOf(key, label, pair)}; Path=/; Secure; HttpOnly`, ...alike].join(';')];
  }
}

function proofOf(key: Buffer, label: string, pair: string): string {
  return createHmac('sha256', key)
    .update(`${label};${nameOf(pair)}=${valueOf(pair)}`)
    .digest('base64url')
    .slice(0, PROOF_LENGTH);
}

/** The name as browsers parse it: without an equals sign, the whole pair is the value. */
function nameOf(pair: string): string {
  return pair.slice(0, Math.max(0, pair.indexOf('='))).trim();
}

function valueOf(pair: string): string {
  return pair.slice(pair.indexOf('=') + 1).trim();
}
