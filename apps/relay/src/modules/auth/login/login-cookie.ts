import { createHmac, timingSafeEqual } from 'node:crypto';

export const LOGIN_COOKIE = 'pizzapi.login';

/**
 * The session id in a `Cookie` header, as express-session signs it: `s:<id>.<HMAC-SHA256>`. For handshakes of sockets, which its
 * middleware does not see. Null when there is none or no key of ours signed it.
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
    return ''; // not one that we have set
  }
}
