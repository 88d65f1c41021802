/** Why a request could not be carried to its service, or the answer not back. Stable. */
export const TunnelErrorCode = {
  /** No connection to the runner, or one that takes no more: nobody has seen the request, so it can be sent again. */
  offline: 'offline',
  /** As many requests as allowed are on their way. */
  busy: 'busy',
  /** Nobody listens on the port, or there is no such service. */
  refused: 'refused',
  /** The port may not be reached. */
  denied: 'denied',
  /** What answered speaks no HTTP, or closed without an answer. */
  garbage: 'garbage',
  /** The request cannot be carried: its path or headers are none that HTTP/2 allows. */
  malformed: 'malformed',
  /** The answer is larger than the caller of `AskingEnd.call` allows. */
  oversized: 'oversized',
  /** The connection to the runner ended before the answer began. */
  interrupted: 'interrupted',
} as const;
export type TunnelErrorCode = (typeof TunnelErrorCode)[keyof typeof TunnelErrorCode];

const codes: ReadonlySet<string> = new Set(Object.values(TunnelErrorCode));
const PASSING: ReadonlySet<TunnelErrorCode> = new Set(['offline', 'busy', 'refused', 'interrupted']);

/** Thrown only while no byte of an answer has been sent. */
export class TunnelError extends Error {
  constructor(
    readonly code: TunnelErrorCode,
    message: string,
    options?: ErrorOptions,
  ) {
    super(message, options);
    this.name = 'TunnelError';
  }

  /** Whether the same request may succeed a moment later. */
  get isPassing(): boolean {
    return PASSING.has(this.code);
  }
}

export function isTunnelErrorCode(text: string): text is TunnelErrorCode {
  return codes.has(text);
}
