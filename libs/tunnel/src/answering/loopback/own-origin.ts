import type { HeaderList } from '../../http/header-list.js';

const LOOPBACK_NAMES = ['localhost', '127.0.0.1', '[::1]'];

export function hostOf(port: number): string {
  return `localhost:${port}`;
}

/** A request's headers as the service's own client on this machine would send them: it is asked at its own address. */
export function inwards(headers: HeaderList, port: number, publicOrigin: string | null): HeaderList {
  if (publicOrigin === null) return headers;
  const own = `http://${hostOf(port)}`;
  return headers.map(([name, value]) => {
    if (name === 'origin' && value === publicOrigin) return [name, own];
    if (name === 'referer' && isWithin(value, publicOrigin)) return [name, own + value.slice(publicOrigin.length)];
    return [name, value];
  });
}

/** An answer's headers as they make sense elsewhere: a redirect to the service's own address keeps only its path. */
export function outwards(headers: HeaderList, port: number): HeaderList {
  return headers.map(([name, value]) => (name === 'location' ? [name, withoutOwnOrigin(value, port)] : [name, value]));
}

function withoutOwnOrigin(location: string, port: number): string {
  for (const name of LOOPBACK_NAMES) {
    const origin = `http://${name}:${port}`;
    if (isWithin(location, origin)) return location.slice(origin.length) || '/';
  }
  return location;
}

/** Lest `http://localhost:80` take in `http://localhost:8080`. */
function isWithin(url: string, origin: string): boolean {
  return url.startsWith(origin) && ['', '/', '?', '#'].includes(url.charAt(origin.length));
}
