import { Injectable } from '@nestjs/common';
import type { Request, Response } from 'express';
import passport from 'passport';
import { HeaderAPIKeyStrategy } from 'passport-headerapikey';
import { Strategy as LocalStrategy } from 'passport-local';
import { VerifyApiKey } from './api-keys/verify-api-key.js';
import type { Caller, RunnerCaller } from './caller.js';
import { VerifyPassword } from './login/verify-password.js';

type Done = (error: Error | null, user?: object | false) => void;

/** passport's strategies. An instance of its own, so that two relays in one process do not share them. */
@Injectable()
export class Authentication {
  private readonly passport = new passport.Passport();

  constructor(
    verifyApiKey: VerifyApiKey,
    verifyPassword: VerifyPassword,
  ) {
    this.passport.use(
      new HeaderAPIKeyStrategy({ header: 'x-api-key', prefix: '' }, false, (key, done: Done) => settle(verifyApiKey.run(key), done)),
    );
    this.passport.use(
      new LocalStrategy({ usernameField: 'email', session: false }, (email, password, done: Done) =>
        settle(verifyPassword.run(email, password), done),
      ),
    );
  }

  /** By the header `x-api-key`. */
  async byKey(request: Request, response: Response): Promise<Caller | RunnerCaller | null> {
    return this.authenticate<Caller | RunnerCaller>('headerapikey', request, response);
  }

  /** By e-mail and password in the body. */
  async byPassword(request: Request, response: Response): Promise<{ userId: string } | null> {
    return this.authenticate<{ userId: string }>('local', request, response);
  }

  private authenticate<T extends object>(strategy: string, request: Request, response: Response): Promise<T | null> {
    return new Promise((resolve, reject) => {
      const run = this.passport.authenticate(strategy, { session: false }, (error: unknown, user: T | false | null | undefined) => {
        if (error) reject(error instanceof Error ? error : new Error(String(error)));
        else resolve(user || null);
      });
      run(request, response, reject);
    });
  }
}

function settle(found: Promise<object | null>, done: Done): void {
  found.then(
    (user) => done(null, user ?? false),
    (error: unknown) => done(error instanceof Error ? error : new Error(String(error))),
  );
}
