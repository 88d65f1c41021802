import { expect, it } from 'vitest';
import { DataInUseError } from '../config/data-lock.js';
import { InvalidConfigError } from '../config/invalid-config.error.js';
import { exitSentence } from './exit-sentence.js';

const listening = (code: string): Error =>
  Object.assign(new Error(code), { code, syscall: 'listen', port: 7492, address: '10.0.0.1' });

it.each([
  [new InvalidConfigError('PIZZAPI_PORT', 'is wrong'), 'PIZZAPI_PORT is wrong.'],
  [
    new DataInUseError({ what: '/data', instead: 'a folder of its own' }, 4711),
    expect.stringMatching(/^Another relay \(process 4711\) keeps its data in \/data\. Stop it/),
  ],
  [listening('EADDRINUSE'), 'Port 7492 is taken by another program; stop it or set PIZZAPI_PORT to a free port.'],
  [listening('EADDRNOTAVAIL'), 'This machine has no address 10.0.0.1; correct PIZZAPI_HOST.'],
  [
    Object.assign(new Error('ENOTFOUND'), { code: 'ENOTFOUND', syscall: 'getaddrinfo', hostname: 'nowhere.invalid' }),
    'No address is known for "nowhere.invalid"; correct PIZZAPI_HOST.',
  ],
  [
    Object.assign(new Error("EACCES: permission denied, mkdir '/data'"), {
      code: 'EACCES',
      syscall: 'mkdir',
      path: '/data',
    }),
    "The relay cannot keep its data: EACCES: permission denied, mkdir '/data'. Correct PIZZAPI_HOME, PIZZAPI_DATA_DIR or DATABASE_URL.",
  ],
  [new Error('a bug'), null],
  [Object.assign(new Error('connect'), { code: 'EADDRINUSE', syscall: 'connect' }), null],
])('%s → %s', (error, sentence) => {
  expect(exitSentence(error)).toEqual(sentence);
});
