import { isUuid } from '@pizzapi/protocol';
import type { PathTarget } from '../access/find-reach.js';

/** What an address below `/api/tunnel` says. */
export interface PathAddress {
  /** What stands before the service's own path, without a slash at the end. */
  base: string;
  /** Path and query of the service; empty when not even the slash is there. */
  path: string;
  by: { token: string } | { target: PathTarget };
}

const BY_TOKEN = /^(\/api\/tunnel\/auth\/([\w.-]+))(\/.*|\?.*)?$/s;
const BY_RUNNER = /^(\/api\/tunnel\/runner\/([0-9a-f-]{36})\/([1-9]\d{0,4}))(\/.*|\?.*)?$/s;
const BY_SESSION = /^(\/api\/tunnel\/([0-9a-f-]{36})\/([1-9]\d{0,4}))(\/.*|\?.*)?$/s;

/** Null: no such address. */
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
