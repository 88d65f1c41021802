import { describe, expect, it } from 'vitest';
import { linkIn } from './question-link.js';

describe('an address that a server wants opened', () => {
  it.each([
    ['https://pay.example.com/a?b=c', 'pay.example.com'],
    ['https://pay.example.com:8443/', 'pay.example.com:8443'],
    ['http://localhost:3000/done', 'localhost:3000'],
    ['http://127.0.0.1:3000/', '127.0.0.1:3000'],
    // What looks like another host is shown as what it is.
    ['https://pаypal.com/', 'xn--pypal-4ve.com'],
    ['https:\\\\evil.example\\@good.example/', 'evil.example'],
  ])('%s is at %s', (address, host) => expect(linkIn(address).host).toBe(host));

  it.each([
    ['javascript:alert(1)', 'https://'],
    ['http://example.com/', 'https://'],
    ['http://127.0.0.1.evil.example/', 'https://'],
    ['file:///etc/passwd', 'https://'],
    ['https://good.example@evil.example/', 'before its host'],
    ['nothing', 'that is none'],
    [`https://example.com/${'x'.repeat(2_000)}`, 'longer than 2000'],
  ])('is not shown: %s', (address, why) => expect(() => linkIn(address)).toThrow(why));
});
