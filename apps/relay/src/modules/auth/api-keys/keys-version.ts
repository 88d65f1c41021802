import { Injectable } from '@nestjs/common';
import type { RequestHandler } from 'express';
import { v7 } from 'uuid';
import { Database } from '../../../platform/database/database.js';
import { authKeys, NEVER_CHANGED } from '../../../platform/redis/keys.js';
import { Redis } from '../../../platform/redis/redis.js';
import { API_KEYS_CHANGED } from './api-key.repository.js';

declare module 'express-serve-static-core' {
  interface Request {
    /** As of the moment in which the request came. */
    keysVersion?: Promise<string>;
  }
}

/** Without a change for this long there is nothing left that an older version could be taken for. */
const LIFETIME_S = 24 * 60 * 60;

/** Names the state of all API keys: another one as soon as a key that was there is revoked or changes hands. */
@Injectable()
export class KeysVersion {
  /** Asks as soon as a request with a key comes: the answer is there once its body has been read. */
  readonly askEarly: RequestHandler = (request, _response, next) => {
    if (request.headers['x-api-key'] !== undefined) {
      const asked = this.read();
      asked.catch(() => delete request.keysVersion); // whoever needs it asks again
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

  /** Read it before any key, never after. */
  async read(): Promise<string> {
    return (await this.redis.commands.get(authKeys.keysVersion)) ?? NEVER_CHANGED;
  }

  private async renew(): Promise<void> {
    await this.redis.commands.set(authKeys.keysVersion, v7(), 'EX', LIFETIME_S);
  }
}
