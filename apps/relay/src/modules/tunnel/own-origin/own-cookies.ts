import { createHash, createHmac } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { RelayConfig } from '../../../config/config.js';
import { SecretKeys } from '../../../platform/secrets/secret-keys.js';
import { OUR_PREFIX } from '../carrying/tunnel-cookie.js';

/** A browser takes such a name only from the host itself, and sends it to no other. */
const HOST_PREFIX = '__Host-';
const PROOF_PREFIX = `${OUR_PREFIX}own-`;
/** As much as nobody guesses. */
const PROOF_LENGTH = 22;
/** What a cookie's proof has of its own. The rest, such as when it ends, is that of the cookie. */
const OF_THE_PROOF = /^\s*(path|secure|httponly)\s*(=|$)/i;

/**
 * Keeps apart the cookies of tunnels that are one site to a browser, where a page's script can set a cookie for all of them, and the request
 * does not say whose it is. What a service sets gets a second cookie, which only its own host can have, as a proof.
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

  /** Which of a request's cookies are this tunnel's own. */
  filter(label: string, header = ''): (cookie: string) => boolean {
    if (!this.config.onlyOwnTunnelCookies) return () => true;
    const cookies = header.split(';').map((cookie) => cookie.trim());
    const proofs = new Set(cookies.filter((cookie) => cookie.startsWith(PROOF_PREFIX)).map(valueOf));
    return (cookie) =>
      cookie.startsWith(HOST_PREFIX) || this.keys.some((key) => proofs.has(proofOf(key, label, cookie)));
  }

  /** What is set beside a cookie that a service sets: for as long, and sent whenever it is. */
  proofFor(label: string, cookie: string): string[] {
    const [pair = '', ...attributes] = cookie.split(';');
    const [key] = this.keys;
    if (!this.config.onlyOwnTunnelCookies || key === undefined || pair.startsWith(HOST_PREFIX)) return [];
    // Of one name there is a cookie for each path.
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

/** As a browser reads it; without an equals sign all is the value. */
function nameOf(pair: string): string {
  return pair.slice(0, Math.max(0, pair.indexOf('='))).trim();
}

function valueOf(pair: string): string {
  return pair.slice(pair.indexOf('=') + 1).trim();
}
