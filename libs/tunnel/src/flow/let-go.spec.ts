import { expect, it } from 'vitest';
import { duplexPair } from 'node:stream';
import { once } from 'node:events';
import { connect, performServerHandshake } from 'node:http2';
import { letGo } from './let-go.js';

it('leaves a stream without anybody who listens, and without a way to end the process', async () => {
  const [near, far] = duplexPair();
  performServerHandshake(far).on('stream', (stream) => stream.respond({}, { endStream: true }));
  const session = connect('http://localhost', { createConnection: () => near });
  const stream = session.request();
  stream.resume().on('data', () => undefined);
  await once(stream, 'close');
  letGo(stream);
  expect(stream.eventNames()).toEqual(['error']);
  stream.emit('error', new Error('late'));
  session.destroy();
});
