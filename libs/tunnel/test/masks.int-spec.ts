import { once } from 'node:events';
import { createServer } from 'node:http';
import { expect, it } from 'vitest';
import { TunnelSocket } from '../src/index.js';
import { listen, stop } from './fixture/listen.js';

/** A network without TLS between the two is any address that is not known to be this machine's own. */
const ELSEWHERE = '127.0.0.2';
/** Where the key of a frame's mask stands when 126 to 65,535 bytes are in it. */
const MASK_AT = 4;

it.runIf(process.platform === 'linux')(
  'messages over a network without TLS are masked, for old proxies there',
  async () => {
    const server = createServer();
    const frame = once(server, 'upgrade').then(async ([request, socket]) => {
      const accepted = await TunnelSocket.accept(request, socket, Buffer.alloc(0));
      const [first]: Buffer[] = await once(socket, 'data');
      accepted.terminate('the test is over');
      return first;
    });
    const dialled = await TunnelSocket.dial(`ws://${ELSEWHERE}:${await listen(server, 0, ELSEWHERE)}`);
    expect(dialled.form).toBe('messages');
    dialled.bytes.write(Buffer.alloc(1_000, 'a'));
    const sent = (await frame) ?? Buffer.alloc(0);
    // Four random bytes are all zero one time in four thousand million.
    expect(sent.subarray(MASK_AT, MASK_AT + 4)).not.toEqual(Buffer.alloc(4));
    dialled.terminate('the test is over');
    await stop(server);
  },
);
