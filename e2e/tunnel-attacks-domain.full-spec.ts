import { launchBrowser } from '@pizzapi/testing';
import { describe } from 'vitest';
import { HttpsFront } from './console/https-front.js';
import { Product } from './console/product.js';
import { hostilePage } from './scenarios/hostile-page.js';

const CONSOLE = 'console.example';
const TUNNELS = 'tunnels.example';

/** As in production: a TLS proxy, the console at one domain, tunnels below another, where all of them are one site to a browser. */
describe('a hostile page in a tunnel, below a domain for tunnels', () => {
  hostilePage({
    domain: TUNNELS,
    async start(services) {
      const product = await Product.start({
        services,
        env: {
          PIZZAPI_PUBLIC_URL: `https://${CONSOLE}`,
          PIZZAPI_TUNNEL_DOMAIN: TUNNELS,
          PIZZAPI_TRUSTED_PROXIES: '127.0.0.1',
        },
      });
      const front = await HttpsFront.start(Number(new URL(product.url).port));
      const browser = await launchBrowser({ args: front.switches(CONSOLE, `*.${TUNNELS}`) });
      return {
        product,
        browser,
        url: `https://${CONSOLE}`,
        async [Symbol.asyncDispose]() {
          await browser.close();
          await front[Symbol.asyncDispose]();
          await product[Symbol.asyncDispose]();
        },
      };
    },
  });
});
