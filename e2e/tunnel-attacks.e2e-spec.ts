import { launchBrowser } from '@pizzapi/testing';
import { describe } from 'vitest';
import { Product } from './console/product.js';
import { hostilePage } from './scenarios/hostile-page.js';

describe('a hostile page in a tunnel, on one machine', () => {
  hostilePage({
    domain: 'localhost',
    async start(services) {
      const [product, browser] = await Promise.all([Product.start({ services }), launchBrowser()]);
      return {
        product,
        browser,
        url: product.url,
        async [Symbol.asyncDispose]() {
          await browser.close();
          await product[Symbol.asyncDispose]();
        },
      };
    },
  });
});
