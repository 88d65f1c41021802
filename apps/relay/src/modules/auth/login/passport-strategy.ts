import type { Request, RequestHandler, Response } from 'express';
import passport, { type Strategy } from 'passport';
import { asError } from '../as-error.js';

/** How a strategy tells whom it found. */
export type Done = (error: Error | null, user?: object | false) => void;

/** What is used of passport, whose own types leave it open. */
interface Passport<T> {
  use(strategy: Strategy): unknown;
  authenticate(
    strategy: string,
    options: { session: false },
    done: (error: unknown, user?: T | false | null) => void,
  ): RequestHandler;
}

/** One strategy of passport as a promise. An instance of its own, so that two relays in one process do not share it. */
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

  /** Null when the request proves nobody. */
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
