import type { SpareServers } from '../spare-servers.js';
import { BunFile } from './bun-file.js';
import { BunServer } from './bun-server.js';
import { parseServeOptions } from './serve-options.js';

/** What services for Bun ask for most beside `serve`, and what Node has for it. */
const ELSEWHERE: Record<string, string> = {
  write: 'node:fs',
  spawn: 'node:child_process',
  spawnSync: 'node:child_process',
  $: 'node:child_process',
  which: 'node:child_process',
  Glob: "node:fs's glob",
  listen: 'node:net',
  connect: 'node:net',
  udpSocket: 'node:dgram',
  hash: 'node:crypto',
  CryptoHasher: 'node:crypto',
  password: 'node:crypto',
  gzipSync: 'node:zlib',
  gunzipSync: 'node:zlib',
  sql: 'a package of your own',
  redis: 'a package of your own',
};

/** A part of Bun that is not offered here. */
export class BunPartMissingError extends Error {
  readonly code = 'bun_part_missing';

  constructor(part: string, instead: string) {
    super(
      `Bun.${part} is not there: services run on Node with Bun.serve, Bun.file, Bun.env and Bun.sleep; use ${instead}`,
    );
    this.name = 'BunPartMissingError';
  }
}

/** The part of Bun that a service needs, so that one written for Bun runs as it is. */
export function createBun(servers: SpareServers, log: (text: string) => void): object {
  const bun = {
    serve: (options: unknown) => new BunServer(parseServeOptions(options, log), servers),
    file: (path: string | URL, options?: { type?: string }) => new BunFile(path, options),
    env: process.env,
    sleep: (ms: number) => new Promise((resolve) => setTimeout(resolve, ms)),
  };
  for (const [part, instead] of Object.entries(ELSEWHERE))
    Object.defineProperty(bun, part, { get: missing(part, instead) });
  return bun;
}

function missing(part: string, instead: string): () => never {
  return () => {
    throw new BunPartMissingError(part, instead);
  };
}
