import { type ProblemError, unauthenticated } from '../../platform/http/problem.error.js';

/** The key of a request or handshake is not valid. */
export function invalidKey(): ProblemError {
  return unauthenticated('This API key is unknown, expired or revoked; make a new one in the settings.');
}

/** A request or handshake has neither a key nor a valid login. */
export function noCredential(): ProblemError {
  return unauthenticated('Log in, or send an API key in the header x-api-key.');
}
