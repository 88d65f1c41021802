/** What the platform adds to a request. `id`, the request id, comes from pino-http. */
declare module 'express-serve-static-core' {
  interface Request {
    /** Who calls, as far as the platform must tell callers apart; set by the authentication guard. */
    callerId?: string;
    /** See {@link OperationId}. */
    operationId?: string;
  }
}

/** Stands for everyone without a credential. */
export const PUBLIC_CALLER = 'public';
