const MAX_LENGTH = 2_000;
const LOOPBACK = /^(?:localhost|127(?:\.\d{1,3}){3}|\[::1\])$/;

/**
 * An address that a server wants a person to open, as it is shown to them.
 * @throws Error why nobody is asked to: it could pretend to lead elsewhere, or everybody on the way could read it
 */
export function linkIn(address: string): { url: string; host: string } {
  const url = address.length <= MAX_LENGTH && URL.canParse(address) ? new URL(address) : null;
  if (!url) throw new Error(`PizzaPi shows no address that is none, or longer than ${MAX_LENGTH} characters.`);
  const isPrivate = url.protocol === 'http:' && LOOPBACK.test(url.hostname);
  if (url.protocol !== 'https:' && !isPrivate)
    throw new Error('PizzaPi shows only addresses that begin with https://.');
  if (url.username !== '' || url.password !== '')
    throw new Error('PizzaPi shows no address with a name or a password before its host.');
  return { url: url.href, host: url.host };
}
