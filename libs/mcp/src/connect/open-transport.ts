import { SSEClientTransport, StreamableHTTPClientTransport, type Transport } from '@modelcontextprotocol/client';
import type { Variables } from '../settings/expand-variables.js';
import { type HttpSettings, isStdio, type ServerSettings } from '../settings/server-settings.js';
import { boundedFetch } from './bounded-fetch.js';
import type { StartProgram } from './program.js';
import { ProgramTransport } from './program-transport.js';

export interface TransportPlace {
  /** The session's folder: where programs start. */
  cwd: string;
  startProgram: StartProgram;
  /** Whether the session may reach a host; `local` ones included. */
  mayReach: (host: string) => boolean;
}

/** The session's sandbox keeps it from that host. */
export class HostRefusedError extends Error {
  constructor(host: string) {
    super(`The session's sandbox does not allow ${host}. Add it to sandbox.allowedDomains in config.json.`);
    this.name = 'HostRefusedError';
  }
}

/** @throws VariableMissingError, HostRefusedError, or what is wrong with the address */
export function openTransport(
  settings: ServerSettings,
  variables: Variables,
  { cwd, startProgram, mayReach }: TransportPlace,
): Transport {
  if (isStdio(settings)) {
    const { command, args = [], env = {} } = settings;
    return new ProgramTransport(startProgram, {
      command: variables.expand(command),
      args: args.map((arg) => variables.expand(arg)),
      cwd,
      env: variables.expandAll(env),
    });
  }
  const headers = variables.expandAll(settings.headers ?? {});
  for (const value of Object.values(headers)) variables.keepSecret(value);
  const url = addressOf(settings, variables);
  if (!mayReach(url.hostname)) throw new HostRefusedError(url.hostname);
  // A server elsewhere was not agreed to, and would get the headers.
  const requestInit = { headers, redirect: 'error' as const };
  // Asked again for each request: what the session may reach can change while the server is connected.
  const fetch = async (to: string | URL, init?: RequestInit): Promise<Response> => {
    const { hostname } = new URL(to);
    if (!mayReach(hostname)) throw new HostRefusedError(hostname);
    return boundedFetch(to, init);
  };
  return settings.type === 'sse'
    ? new SSEClientTransport(url, { requestInit, fetch })
    : new StreamableHTTPClientTransport(url, { requestInit, fetch });
}

/** Where a server elsewhere is. @throws VariableMissingError, or what is wrong with the address */
export function addressOf(settings: HttpSettings, variables: Variables): URL {
  const text = variables.expand(settings.url);
  const url = URL.canParse(text) ? new URL(text) : null;
  if (url?.protocol === 'http:' || url?.protocol === 'https:') return url;
  throw new Error('Its `url` is no address that begins with http:// or https://.');
}
