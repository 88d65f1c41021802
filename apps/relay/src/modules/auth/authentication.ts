import { Injectable } from '@nestjs/common';
import type { Request, Response } from 'express';
import { HeaderAPIKeyStrategy } from 'passport-headerapikey';
import { Strategy as LocalStrategy } from 'passport-local';
import { VerifyApiKey } from './api-keys/verify-api-key.js';
import type { AnyCaller } from './caller.js';
import { VerifyPassword } from './login/verify-password.js';
import { PassportStrategy } from './passport-strategy.js';

/** passport's strategies. */
@Injectable()
export class Authentication {
  private readonly keys: PassportStrategy<AnyCaller>;
  private readonly passwords: PassportStrategy<{ userId: string }>;

  constructor(verifyApiKey: VerifyApiKey, verifyPassword: VerifyPassword) {
    this.keys = new PassportStrategy(
      'headerapikey',
      (settle) =>
        new HeaderAPIKeyStrategy({ header: 'x-api-key', prefix: '' }, false, (key, done) =>
          settle(verifyApiKey.run(key), done),
        ),
    );
    this.passwords = new PassportStrategy(
      'local',
      (settle) =>
        new LocalStrategy({ usernameField: 'email', session: false }, (email, password, done) =>
          settle(verifyPassword.run(email, password), done),
        ),
    );
  }

  /** By the header `x-api-key`. */
  byKey(request: Request, response: Response): Promise<AnyCaller | null> {
    return this.keys.run(request, response);
  }

  /** By e-mail and password in the body. */
  byPassword(request: Request, response: Response): Promise<{ userId: string } | null> {
    return this.passwords.run(request, response);
  }
}
