import { expect, it } from 'vitest';
import { sessionIdOf } from './login-cookie.js';

// As express-session signs it (cookie-signature 1.0): s:<id>.<HMAC-SHA256 in base64 without padding>.
const SIGNED = 's%3Ahello.DGDUkGlIkCzPz%2BC0B064FNgHdEjox7ch8tOBGslZ5QI';

it.each([
  [`pizzapi.login=${SIGNED}`, ['tobiiscool'], 'hello'],
  [`other=1; pizzapi.login=${SIGNED}; more=2`, ['new', 'tobiiscool'], 'hello'],
  [`pizzapi.login=${SIGNED}`, ['new'], null],
  [`pizzapi.login=${SIGNED.replace('hello', 'hullo')}`, ['tobiiscool'], null],
  ['pizzapi.login=hello', ['tobiiscool'], null],
  ['pizzapi.login=%E0%A4%A', ['tobiiscool'], null],
  [undefined, ['tobiiscool'], null],
])('%s with %j: %s', (header, secrets, id) => {
  expect(sessionIdOf(header, secrets)).toBe(id);
});
