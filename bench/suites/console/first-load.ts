import { brotliCompressSync, gzipSync } from 'node:zlib';
import type { Browser } from 'playwright-core';
import { EMAIL } from '../../product/account.js';

export interface FirstLoad {
  scripts: number;
  /** Of all scripts, in bytes: as they are, as the relay sent them, and as compression would send them. */
  plain: number;
  sent: number;
  brotli: number;
  gzip: number;
}

/** The scripts that a browser with an empty cache loads until the first page of the console stands. */
export async function measureFirstLoad(browser: Browser, url: string, isSignedIn: boolean): Promise<FirstLoad> {
  const context = await browser.newContext({ serviceWorkers: 'block' });
  if (isSignedIn) {
    await context.request.post(`${url}/api/auth/login`, {
      data: { email: EMAIL, password: `correct horse ${EMAIL}` },
      headers: { origin: url },
    });
  }
  const page = await context.newPage();
  const devTools = await context.newCDPSession(page);
  await devTools.send('Network.enable');
  const scripts = new Map<string, number>();
  devTools.on('Network.responseReceived', ({ requestId, type }) => {
    if (type === 'Script') scripts.set(requestId, 0);
  });
  devTools.on('Network.loadingFinished', ({ requestId, encodedDataLength }) => {
    if (scripts.has(requestId)) scripts.set(requestId, encodedDataLength);
  });
  await page.goto(url, { waitUntil: 'networkidle' });
  const load: FirstLoad = { scripts: scripts.size, plain: 0, sent: 0, brotli: 0, gzip: 0 };
  for (const [requestId, sent] of scripts) {
    const { body, base64Encoded } = await devTools.send('Network.getResponseBody', { requestId });
    const source = Buffer.from(body, base64Encoded ? 'base64' : 'utf8');
    load.plain += source.length;
    load.sent += sent;
    load.brotli += brotliCompressSync(source).length;
    load.gzip += gzipSync(source, { level: 9 }).length;
  }
  await context.close();
  return load;
}
