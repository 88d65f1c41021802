import { afterAll, beforeAll, describe } from 'vitest';
import { manySubscriptions } from './bad-input/many-subscriptions.js';
import { Product } from './bad-input/product.js';

describe('a session that asks for everything', () => {
  let product: Product;
  beforeAll(async () => {
    product = await Product.start();
  });
  afterAll(() => product[Symbol.asyncDispose]());

  manySubscriptions(() => product, 10_000);
});
