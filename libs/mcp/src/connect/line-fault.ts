import { SdkError, SdkErrorCode, SdkHttpError } from '@modelcontextprotocol/client';

/**
 * What a call's error says about the line to its server. `unheard`: the line is broken and the call never reached the server, so it may be made
 * again. `broken`: the line is broken, and nobody knows how far the call got.
 */
export type LineFault = 'none' | 'broken' | 'unheard';

const UNREACHED = new Set(['ECONNREFUSED', 'ENOTFOUND', 'EHOSTUNREACH', 'ENETUNREACH', 'EAI_AGAIN']);
const UNSENT = new Set<string>([SdkErrorCode.NotConnected]);
const CLOSED = new Set<string>([SdkErrorCode.ConnectionClosed, SdkErrorCode.SendFailed]);

export function lineFault(error: unknown): LineFault {
  if (error instanceof SdkHttpError) return forgetsSession(error) ? 'unheard' : 'none';
  if (error instanceof SdkError) {
    if (UNSENT.has(error.code)) return 'unheard';
    return CLOSED.has(error.code) ? 'broken' : 'none';
  }
  // What `fetch` throws.
  if (!(error instanceof TypeError) || error.cause === undefined) return 'none';
  return codesOf(error.cause).some((code) => UNREACHED.has(code)) ? 'unheard' : 'broken';
}

/** 404 is the specification's word for it; servers that were restarted say 400, too. */
function forgetsSession({ status, message }: SdkHttpError): boolean {
  return status === 404 || (status === 400 && /session/i.test(message));
}

/** A host with several addresses fails with an error for each of them. */
function codesOf(error: unknown): string[] {
  const each = error instanceof AggregateError ? error.errors : [error];
  return each.flatMap((one: unknown) =>
    one instanceof Error && 'code' in one && typeof one.code === 'string' ? [one.code] : [],
  );
}
