/** Turns what a callback reports as its error, which may be any value, into an Error. */
export function asError(reported: unknown): Error {
  return reported instanceof Error
    ? reported
    : new Error('A library reported a failure that is no error.', { cause: reported });
}
