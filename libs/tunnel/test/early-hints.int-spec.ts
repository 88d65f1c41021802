import { once } from 'node:events';
import { request } from 'node:http';
import { expect, it } from 'vitest';
import { aTunnel } from './fixture/a-tunnel.js';
import { wholeOf } from './fixture/ask.js';

it('hints before the answer are left out: proxies in front of a relay take them for the answer', async () => {
  await using tunnel = await aTunnel({
    service: (_request, response) =>
      response.writeEarlyHints({ link: '</a.css>; rel=preload; as=style' }, () => response.end('the page')),
  });
  const asked = request(tunnel.url, { agent: false });
  asked.on('information', () => expect.unreachable('it was passed on'));
  asked.end();
  const [answer] = await once(asked, 'response');
  expect(await wholeOf(answer)).toMatchObject({ status: 200, body: Buffer.from('the page') });
});
