import { createHmac, timingSafeEqual } from 'node:crypto';

export const LOGIN_COOKIE = 'pizzapi.login';

/**
 * Reads the session id from a `Cookie` header as signed by express-session, `s:<id>.<HMAC-SHA256>`: for handshakes of sockets, which its
 * middleware does not see.
 * @returns null if there is none, or if it was not signed with one of the secrets
 */
export function sessionIdOf(cookieHeader: string | undefined, secrets: readonly string[]): string | null {
  const value = valueOf(cookieHeader ?? '');
  const end = value.lastIndexOf('.');
  if (!value.startsWith('s:') || end < 0) return null;
  const [id, signature] = [value.slice(2, end), Buffer.from(value.slice(end + 1))];
  const isSigned = secrets.some((secret) => {
    const expected = Buffer.from(createHmac('sha256', secret).update(id).digest('base64').replace(/=+$/, ''));
    return expected.length === signature.length && timingSafeEqual(expected, signature);
  });
  return isSigned ? id : null;
}

function valueOf(header: string): string {
  const pair = header
    .split(';')
    .map((part) => part.trim())
    .find((part) => part.startsWith(`${LOGIN_COOKIE}=`));
  try {
    return decodeURIComponent(pair?.slice(LOGIN_COOKIE.length + 1) ?? '');
  } catch {
    return ''; // not set by this relay
  }
}
