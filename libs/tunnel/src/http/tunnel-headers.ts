import { type HeaderList, valueOf } from './header-list.js';
import { type Destination, parseTarget, targetText } from '../target.js';
import { isTunnelErrorCode, TunnelError } from '../tunnel-error.js';

/** Headers with which the two ends talk to each other. Whatever comes from outside under such a name is dropped. */
const PREFIX = 'pizzapi-tunnel-';
const RUNNER = `${PREFIX}runner`;
const TARGET = `${PREFIX}target`;
const PUBLIC_ORIGIN = `${PREFIX}origin`;
const UPGRADED = `${PREFIX}upgraded`;
const ERROR = `${PREFIX}error`;
const DETAIL = `${PREFIX}detail`;

/** What an asking end says of a stream besides the request itself. */
export interface StreamAddress extends Destination {
  /** The origin under which the client knows the service; in `Origin` and `Referer` it becomes the service's own. */
  publicOrigin: string | null;
}

export function addressHeaders({ runnerId, target, publicOrigin }: StreamAddress): string[] {
  const headers = [RUNNER, runnerId, TARGET, targetText(target)];
  if (publicOrigin !== null) headers.push(PUBLIC_ORIGIN, publicOrigin);
  return headers;
}

/** @throws TunnelError `malformed` */
export function parseAddress(headers: HeaderList): StreamAddress {
  const target = parseTarget(valueOf(headers, TARGET) ?? '');
  if (!target) throw new TunnelError('malformed', 'The stream names no target.');
  return { runnerId: valueOf(headers, RUNNER) ?? '', target, publicOrigin: valueOf(headers, PUBLIC_ORIGIN) ?? null };
}

/** An answering end's word that it has no answer of the service to give. */
export function errorHeaders({ code, message }: TunnelError): string[] {
  return [':status', '502', ERROR, code, DETAIL, encodeURIComponent(message)];
}

/** The error that an answer of `errorHeaders` tells of; null: it is the service's own answer. */
export function errorIn(headers: HeaderList): TunnelError | null {
  const code = valueOf(headers, ERROR);
  if (code === undefined) return null;
  return new TunnelError(isTunnelErrorCode(code) ? code : 'garbage', decoded(valueOf(headers, DETAIL) ?? ''));
}

/** A stream carries no status 101: this says that the service gave it. */
export const upgradedHeaders: readonly string[] = [':status', '200', UPGRADED, '1'];

export function isUpgraded(headers: HeaderList): boolean {
  return valueOf(headers, UPGRADED) !== undefined;
}

/** Without the tunnel's own. */
export function outsideHeaders<T extends HeaderList>(headers: T): T[number][] {
  return headers.filter(([name]) => !name.startsWith(PREFIX));
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    // Not of our making; it is only read by people.
    return text;
  }
}
