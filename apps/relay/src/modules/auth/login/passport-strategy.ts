import type { Request, RequestHandler, Response } from 'express';
import passport, { type Strategy } from 'passport';
import { asError } from '../as-error.js';

/** The callback with which a strategy reports the user. */
export type Done = (error: Error | null, user?: object | false) => void;

/** The part of passport that is used here, whose own types are too loose. */
interface Passport<T> {
  use(strategy: Strategy): unknown;
  authenticate(
    strategy: string,
    options: { session: false },
    done: (error: unknown, user?: T | false | null) => void,
  ): RequestHandler;
}

/** Runs one passport strategy as a promise. Uses its own passport instance, so that two relays in one process do not share one. */
export class PassportStrategy<T extends object> {
  private readonly passport: Passport<T> = new passport.Passport();

  constructor(
    private readonly name: string,
    makeStrategy: (settle: (found: Promise<T | null>, done: Done) => void) => Strategy,
  ) {
    this.passport.use(
      makeStrategy((found, done) => {
        found.then(
          (user) => done(null, user ?? false),
          (error: unknown) => done(asError(error)),
        );
      }),
    );
  }

  /** @returns null if the request does not authenticate anybody */
  run(request: Request, response: Response): Promise<T | null> {
    return new Promise((resolve, reject) => {
      const authenticate = this.passport.authenticate(this.name, { session: false }, (error, user) => {
        if (error) reject(asError(error));
        else resolve(user || null);
      });
      void authenticate(request, response, (error: unknown) => reject(asError(error)));
    });
  }
}
