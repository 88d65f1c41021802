import { readFile, writeFile } from 'node:fs/promises';
import type { ServerResponse } from 'node:http';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { launchBrowser, RelayApi, removeFolder, temporaryFolder } from '@pizzapi/testing';
import type { Browser, Page } from 'playwright-core';
import { createServer, type ViteDevServer } from 'vite';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { accessibilityProblems } from './console/accessibility.js';
import { Person, PHONE, WIDE } from './console/person.js';
import { takePicture } from './console/pictures.js';
import { Product } from './console/product.js';
import { expose, serve, startSession } from './console/tunnels.js';

const VIDEO = fileURLToPath(new URL('fixtures/seek.mp4', import.meta.url));

/** Pages that know nothing of a relay, each on its tunnel's own origin. */
describe('pages through a tunnel', () => {
  let product: Product;
  let browser: Browser;
  let owner: RelayApi;
  let ada: Person;
  let sessionId: string;

  beforeAll(async () => {
    [product, browser] = await Promise.all([Product.start(), launchBrowser()]);
    owner = await new RelayApi(product.url).register('ada@example.com');
    ada = await Person.open(browser, product.url, 'ada@example.com', { expected: [/status of 404 .*\/$/] });
    await ada.signIn();
    sessionId = await startSession(owner, product.runnerId);
  });
  afterAll(async () => {
    await browser.close();
    await product[Symbol.asyncDispose]();
  });

  it('a Vite app reloads hot, and its router takes a deep link', async () => {
    const folder = await temporaryFolder('vite');
    const say = (words: string): Promise<void> =>
      writeFile(join(folder, 'words.js'), `export const words = '${words}';\n`);
    await writeFile(join(folder, 'index.html'), '<h1></h1><p></p><script type="module" src="/main.js"></script>');
    await writeFile(
      join(folder, 'main.js'),
      `import { words } from './words.js';
       const show = (text) => (document.querySelector('h1').textContent = text);
       show(words);
       document.querySelector('p').textContent = 'route ' + location.pathname + location.search;
       import.meta.hot.accept('./words.js', (next) => show(next.words));`,
    );
    await say('before');
    await using vite = disposable(
      await createServer({
        root: folder,
        configFile: false,
        logLevel: 'error',
        server: { host: '127.0.0.1', port: 0 },
      }),
    );
    await vite.server.listen();
    const { port } = new URL(vite.server.resolvedUrls?.local[0] ?? '');
    const tunnel = await expose(owner, sessionId, Number(port), 'Preview');

    const page = await ada.context.newPage();
    const sockets: string[] = [];
    page.on('websocket', (socket) => sockets.push(socket.url()));
    await page.goto(`${tunnel.page}?path=${encodeURIComponent('/orders/7?tab=items')}`);
    await page.getByRole('heading', { name: 'before' }).waitFor();
    await page.getByText('route /orders/7?tab=items').waitFor();
    expect(new URL(page.url()).origin).toBe(tunnel.origin);
    const loadedAt = await page.evaluate<number>('performance.timeOrigin');
    await say('after');
    await page.getByRole('heading', { name: 'after' }).waitFor();
    expect(await page.evaluate<number>('performance.timeOrigin')).toBe(loadedAt);
    expect(sockets.every((url) => new URL(url).host === new URL(tunnel.origin).host)).toBe(true);
    expect(sockets.length).toBeGreaterThan(0);
    await page.reload();
    await page.getByText('route /orders/7?tab=items').waitFor();
    await page.close();
    await removeFolder(folder);
  });

  it('a video plays from where one jumps to, by ranges', async () => {
    const video = withGap(await readFile(VIDEO));
    const ranges: number[] = [];
    await using server = await serve((request, response) => {
      if (request.url === '/seek.mp4') {
        ranges.push(sendRange(video, request.headers.range ?? '', response));
        return;
      }
      response.setHeader('content-type', 'text/html');
      response.end('<video src="/seek.mp4" preload="auto" muted></video>');
    });
    const tunnel = await expose(owner, sessionId, server.port, 'Video');
    const page = await ada.context.newPage();
    await page.goto(tunnel.page);
    await page.locator('video').waitFor();
    expect(await seekTo(page, 10)).toBeCloseTo(10, 0);
    expect(await seekTo(page, 2)).toBeCloseTo(2, 0);
    expect(ranges.some((start) => start > GAP)).toBe(true);
    await page.close();
  });

  it('is in the session’s list, and closed there it leads nowhere', async () => {
    await using server = await serve((_request, response) => response.end('<h1>Report</h1>'));
    const { page } = ada;
    await ada.openSession(sessionId);
    await page.getByRole('tab', { name: /Tunnels/ }).click();
    const tunnel = await expose(owner, sessionId, server.port, 'Report');
    const row = page.locator('pz-tunnel-row').filter({ hasText: 'Report' });
    await row.getByText('opened by hand').waitFor();
    await looksWell('82-tunnels');
    await page.setViewportSize(PHONE);
    await page.getByRole('button', { name: 'Triggers, panels, tunnels and details' }).click();
    await row.waitFor();
    await looksWell('83-tunnels-phone');
    await page.setViewportSize(WIDE);
    await row.waitFor();
    const [tab] = await Promise.all([
      ada.context.waitForEvent('page'),
      row.getByRole('link', { name: 'Open Report in a tab' }).click(),
    ]);
    await tab.getByRole('heading', { name: 'Report' }).waitFor();
    expect(tab.url()).toBe(`${tunnel.origin}/`);
    await row.getByRole('button', { name: 'Close Report' }).click();
    await row.waitFor({ state: 'detached' });
    await page.getByRole('button', { name: 'Dismiss' }).click();
    await expect.poll(async () => (await owner.get(`/api/tunnels/${tunnel.tunnelId}`)).status).toBe(404);
    expect((await tab.reload())?.status()).toBe(404);
    await tab.close();
    await page.goto(tunnel.page);
    await page.getByRole('heading', { name: 'There is no such tunnel' }).waitFor();
    await looksWell('84-no-tunnel');
  });

  it('the way in says that it waits, and why it does not lead on', async () => {
    const { page } = ada;
    const tunnel = await expose(owner, sessionId, 9, 'Nothing');
    const answer = Promise.withResolvers<void>();
    await page.route('**/tickets', async (route) => {
      await answer.promise;
      const problem = { status: 503, code: 'runner_offline', detail: 'The runner vm is not connected.' };
      await route.fulfill({ status: 503, contentType: 'application/problem+json', body: JSON.stringify(problem) });
    });
    await page.goto(tunnel.page);
    await page.getByRole('heading', { name: 'Opening the tunnel' }).waitFor();
    await looksWell('84-opening-tunnel');
    answer.resolve();
    await page.getByRole('heading', { name: 'Its runner is away' }).waitFor();
    await looksWell('84-tunnel-refused');
    await page.unroute('**/tickets');
  });

  it('says where there is nothing yet', async () => {
    const { page } = ada;
    await ada.openSession(sessionId);
    await page.getByRole('tab', { name: 'Panels' }).click();
    await page.getByText('No panels').waitFor();
    await looksWell('85-no-panels');
    await page.goto(`/runners/${product.runnerId}/services`);
    await page.getByText('No services yet').waitFor();
    await looksWell('85-no-services');
  });

  /** To axe, and in a picture to people. */
  async function looksWell(name: string): Promise<void> {
    expect(await accessibilityProblems(ada.page)).toEqual([]);
    await takePicture(ada.page, name);
    await ada.page.emulateMedia({ colorScheme: 'dark' });
  }
});

/** So far apart are what a player reads first and what it needs to begin: more than it waits for. */
const GAP = 16 * 1024 * 1024;

/** An MP4 with its index at the far end, behind a box of nothing. */
function withGap(video: Buffer): Buffer {
  const gap = Buffer.alloc(GAP);
  gap.writeUInt32BE(GAP);
  gap.write('free', 4);
  const index = indexOfBox(video, 'moov');
  return Buffer.concat([video.subarray(0, index), gap, video.subarray(index)]);
}

function indexOfBox(video: Buffer, type: string): number {
  let at = 0;
  while (video.toString('latin1', at + 4, at + 8) !== type) at += video.readUInt32BE(at);
  return at;
}

/** Whoever reads on from the start is kept waiting in the gap: the rest has to be asked for by its place. */
function sendRange(content: Buffer, range: string, response: ServerResponse): number {
  const [, from = '0', to = ''] = /^bytes=(\d+)-(\d*)$/.exec(range) ?? [];
  const start = Number(from);
  const end = to === '' ? content.length - 1 : Math.min(Number(to), content.length - 1);
  response.writeHead(206, {
    'content-type': 'video/mp4',
    'accept-ranges': 'bytes',
    'content-length': end - start + 1,
    'content-range': `bytes ${start}-${end}/${content.length}`,
  });
  const part = content.subarray(start, end + 1);
  if (start > 0) response.end(part);
  else response.write(part.subarray(0, 1024 * 1024));
  return start;
}

function seekTo(page: Page, seconds: number): Promise<number> {
  return page.evaluate<number>(`(async () => {
    const video = document.querySelector('video');
    const on = (event) => new Promise((done) => video.addEventListener(event, done, { once: true }));
    if (video.readyState < 1) await on('loadedmetadata');
    const arrived = on('seeked');
    video.currentTime = ${seconds};
    await arrived;
    return video.currentTime;
  })()`);
}

function disposable(server: ViteDevServer): { server: ViteDevServer } & AsyncDisposable {
  return { server, [Symbol.asyncDispose]: () => server.close() };
}
