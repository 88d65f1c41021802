/** Of our cookies on a tunnel's own origin: by it no sibling can set them, nor another path of the same host. */
export const OUR_PREFIX = '__Host-pizzapi-';
const TUNNEL_COOKIE = `${OUR_PREFIX}tunnel`;

/** Sent in a frame of the console too, which is another site; and in that frame's part of the browser only. */
export function tunnelCookie(secret: string): string {
  return `${TUNNEL_COOKIE}=${secret}; Path=/; Secure; HttpOnly; SameSite=None; Partitioned`;
}

/** Null: the request brought none. */
export function tunnelCookieOf(header: string | undefined): string | null {
  const pairs = header?.split(';') ?? [];
  const found = pairs.map((pair) => pair.trim()).find((pair) => pair.startsWith(`${TUNNEL_COOKIE}=`));
  return found?.slice(TUNNEL_COOKIE.length + 1) || null;
}
