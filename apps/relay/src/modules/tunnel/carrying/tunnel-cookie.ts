/** Prefix of the relay's cookies on a tunnel's own origin. Because of `__Host-`, neither sibling hosts nor other paths can set them. */
export const OUR_PREFIX = '__Host-pizzapi-';
const TUNNEL_COOKIE = `${OUR_PREFIX}tunnel`;

/** Also sent in a frame of the console, which is another site, but partitioned to that frame. */
export function tunnelCookie(secret: string): string {
  return `${TUNNEL_COOKIE}=${secret}; Path=/; Secure; HttpOnly; SameSite=None; Partitioned`;
}

/** @returns null if the request has none */
export function tunnelCookieOf(header: string | undefined): string | null {
  const pairs = header?.split(';') ?? [];
  const found = pairs.map((pair) => pair.trim()).find((pair) => pair.startsWith(`${TUNNEL_COOKIE}=`));
  return found?.slice(TUNNEL_COOKIE.length + 1) || null;
}
