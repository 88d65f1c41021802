import { expect, it } from 'vitest';
import { parseWorkerBoot } from './worker-boot.js';

it.each(['{"secret": s3cret}', '{"secret": "s3cret', '', '{}'])('%j is no order, and is not quoted', (text) => {
  expect(() => parseWorkerBoot(text)).toThrow('A worker is started by the daemon, which writes its orders to stdin.');
});
