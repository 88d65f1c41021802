/** What a callback reports as its error, which need not be one. */
export function asError(reported: unknown): Error {
  return reported instanceof Error
    ? reported
    : new Error('A library reported a failure that is no error.', { cause: reported });
}
