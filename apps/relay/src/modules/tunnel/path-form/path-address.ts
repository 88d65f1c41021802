import { isUuid } from '@pizzapi/protocol';
import type { PathTarget } from '../access/find-reach.js';

/** A parsed address below `/api/tunnel`. */
export interface PathAddress {
  /** The part before the service's own path, without a trailing slash. */
  base: string;
  /** The service's path and query; empty if even the slash is missing. */
  path: string;
  by: { token: string } | { target: PathTarget };
}

const BY_TOKEN = /^(\/api\/tunnel\/auth\/([\w.-]+))(\/.*|\?.*)?$/s;
const BY_RUNNER = /^(\/api\/tunnel\/runner\/([0-9a-f-]{36})\/([1-9]\d{0,4}))(\/.*|\?.*)?$/s;
const BY_SESSION = /^(\/api\/tunnel\/([0-9a-f-]{36})\/([1-9]\d{0,4}))(\/.*|\?.*)?$/s;

/** @returns null if it is not such an address */
export function parsePathAddress(url: string): PathAddress | null {
  const [, tokenBase, token, tokenPath = ''] = BY_TOKEN.exec(url) ?? [];
  if (tokenBase !== undefined && token !== undefined) return { base: tokenBase, path: tokenPath, by: { token } };
  return byPort(BY_RUNNER.exec(url), 'runnerId') ?? byPort(BY_SESSION.exec(url), 'sessionId');
}

function byPort(match: RegExpExecArray | null, kind: 'runnerId' | 'sessionId'): PathAddress | null {
  const [, base = '', id = '', port = '', path = ''] = match ?? [];
  if (!isUuid(id) || Number(port) > 65_535) return null;
  const target = kind === 'runnerId' ? { runnerId: id, port: Number(port) } : { sessionId: id, port: Number(port) };
  return { base, path, by: { target } };
}
