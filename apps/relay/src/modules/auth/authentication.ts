import { Injectable } from '@nestjs/common';
import type { Request, RequestHandler, Response } from 'express';
import passport, { type Strategy } from 'passport';
import { HeaderAPIKeyStrategy } from 'passport-headerapikey';
import { Strategy as LocalStrategy } from 'passport-local';
import { asError } from './as-error.js';
import { VerifyApiKey } from './api-keys/verify-api-key.js';
import type { Caller, RunnerCaller } from './caller.js';
import { VerifyPassword } from './login/verify-password.js';

/** What is used of passport, whose own types leave most of it open. */
interface Passport {
  use(strategy: Strategy): unknown;
  authenticate(strategy: string, options: { session: false }, done: (error: unknown, user?: object | false | null) => void): RequestHandler;
}

type Done = (error: Error | null, user?: object | false) => void;

/** passport's strategies. An instance of its own, so that two relays in one process do not share them. */
@Injectable()
export class Authentication {
  private readonly passport: Passport = new passport.Passport();

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
  byKey(request: Request, response: Response): Promise<Caller | RunnerCaller | null> {
    return this.authenticate('headerapikey', request, response);
  }

  /** By e-mail and password in the body. */
  byPassword(request: Request, response: Response): Promise<{ userId: string } | null> {
    return this.authenticate('local', request, response);
  }
XX
}

function settle(found: Promise<object | null>, done: Done): void {
  found.then(
    (user) => done(null, user ?? false),
    (error: unknown) => done(error instanceof Error ? error : new Error(String(error))),
  );
}
