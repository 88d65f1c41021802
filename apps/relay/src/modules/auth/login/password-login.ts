import { Injectable } from '@nestjs/common';
import type { Request, Response } from 'express';
import { Strategy } from 'passport-local';
import { PassportStrategy } from './passport-strategy.js';
import { VerifyPassword } from './verify-password.js';

/** Authenticates by e-mail and password in the body, with passport's local strategy. */
@Injectable()
export class PasswordLogin {
  private readonly strategy: PassportStrategy<{ userId: string }>;

  constructor(verifyPassword: VerifyPassword) {
    this.strategy = new PassportStrategy(
      'local',
      (settle) =>
        new Strategy({ usernameField: 'email', session: false }, (email, password, done) =>
          settle(verifyPassword.run(email, password), done),
        ),
    );
  }

  /** @returns null if they are wrong */
  run(request: Request, response: Response): Promise<{ userId: string } | null> {
    return this.strategy.run(request, response);
  }
}
