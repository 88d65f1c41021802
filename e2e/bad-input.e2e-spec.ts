import { afterAll, beforeAll, describe } from 'vitest';
import { badCredentials } from './bad-input/credentials.js';
import { manySubscriptions } from './bad-input/many-subscriptions.js';
import { Product } from './bad-input/product.js';
import { replicatedRedis } from './bad-input/replicas.js';
import { badRequests } from './bad-input/requests.js';
import { sessionsThatCannotRun } from './bad-input/sessions.js';
import { hostileSockets } from './bad-input/sockets.js';
import { refusedStarts } from './bad-input/starting.js';
import { noSpaceLeft } from './bad-input/storage.js';
import { badTriggers } from './bad-input/triggers.js';

/** What a hostile or unlucky client gets: a named error that says what to do, and nothing lost. */
describe('bad input', () => {
  let product: Product;
  beforeAll(async () => {
    product = await Product.start();
  });
  afterAll(() => product[Symbol.asyncDispose]());

  badRequests(() => product);
  badCredentials(() => product);
  sessionsThatCannotRun(() => product);
  badTriggers(() => product);
  manySubscriptions(() => product, 1_000);
  hostileSockets(() => product);
  refusedStarts();
  replicatedRedis();
  noSpaceLeft();
});
