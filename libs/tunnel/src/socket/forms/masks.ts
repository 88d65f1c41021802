/**
 * Whether what is dialled there may go without masks. They protect old proxies from what a page's script sends; there is none between
 * here and there.
 */
export function isUnmasked(url: string): boolean {
  const { protocol, hostname } = new URL(url);
  return protocol === 'wss:' || protocol === 'https:' || ['localhost', '127.0.0.1', '[::1]'].includes(hostname);
}
