import { Injectable } from '@nestjs/common';
import type { RequestHandler } from 'express';
import { v7 } from 'uuid';
import { Database } from '../../../platform/database/database.js';
import { authKeys, NEVER_CHANGED } from '../../../platform/redis/keys.js';
import { Redis } from '../../../platform/redis/redis.js';
import { API_KEYS_CHANGED } from './api-key.repository.js';

declare module 'express-serve-static-core' {
  interface Request {
    /** The version when the request arrived. */
    keysVersion?: Promise<string>;
  }
}

/** After this long without a change, no cache still has an older version that the next one could be confused with. */
const LIFETIME_S = 24 * 60 * 60;

/** The version of all API keys in Redis. It changes when an existing key is revoked or gets another owner. */
@Injectable()
export class KeysVersion {
  /** Requests the version when a request with a key arrives, so that it is there once the body has been read. */
  readonly askEarly: RequestHandler = (request, _response, next) => {
    if (request.headers['x-api-key'] !== undefined) {
      const asked = this.read();
      asked.catch(() => delete request.keysVersion); // it is requested again when it is needed
      request.keysVersion = asked;
    }
    next();
  };

  constructor(
    private readonly redis: Redis,
    database: Database,
  ) {
    database.whenCommitted(API_KEYS_CHANGED, () => this.renew());
  }

  /** Must be called before a key is read, never after. */
  async read(): Promise<string> {
    return (await this.redis.commands.get(authKeys.keysVersion)) ?? NEVER_CHANGED;
  }

  private async renew(): Promise<void> {
    await this.redis.commands.set(authKeys.keysVersion, v7(), 'EX', LIFETIME_S);
  }
}
