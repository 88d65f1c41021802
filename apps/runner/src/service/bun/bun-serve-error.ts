/** `Bun.serve` was called with what it cannot do here. */
export class BunServeError extends Error {
  readonly code = 'bun_serve';

  constructor(reason: string, options?: ErrorOptions) {
    super(`Bun.serve: ${reason}`, options);
    this.name = 'BunServeError';
  }
}
