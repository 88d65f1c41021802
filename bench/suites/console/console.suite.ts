import { join } from 'node:path';
import { launchBrowser, type RelayApi, type ScriptedRunner, type ScriptedWorker } from '@pizzapi/testing';
import type { Browser } from 'playwright-core';
import { atMost, type Bar, type Figure, under } from '../../measure/figure.js';
import { spreadOf } from '../../measure/statistics.js';
import type { Suite } from '../../measure/suite.js';
import { createSession, openAccount } from '../../product/account.js';
import { RelayProcess } from '../../product/relay-process.js';
import { ConsolePage } from './console-page.js';
import { measureFirstLoad } from './first-load.js';
import { LAST_WORDS, tellConversation } from './long-session.js';
import { watchRows } from './page-probe.js';
import { TokenStream } from './token-stream.js';

const MESSAGES = 10_000;
const MESSAGE_BYTES = 5_000;
const FEW_MESSAGES = 10;
const ROUNDS = 5;
const SCROLL_MS = 10_000;
const WHEEL_EVERY_MS = 50;
const WHEEL_PX = 400;
const TOKENS_PER_SECOND = 200;
const STREAM_ROUNDS = 3;
const STREAM_MS = 6_000;
const MB = 1024 * 1024;

/** The console in a real browser, with a session of 10,000 messages. */
export const consolePage: Suite = {
  name: 'console',
  budgetS: 150,
  run: async ({ folder, say }) => {
    await using relay = await RelayProcess.start({ home: join(folder, 'home') });
    const { api, runner } = await openAccount(relay.url);
    say(`telling a session of ${MESSAGES} messages`);
    const long = await tell(api, runner, 'A long session', MESSAGES);
    const short = await tell(api, runner, 'A short session', FEW_MESSAGES);
    const browser = await launchBrowser();
    try {
      return [...(await firstLoad(browser, relay.url)), ...(await session(browser, relay.url, { long, short }, say))];
    } finally {
      await browser.close();
      runner.stop();
      long.stop();
      short.stop();
    }
  },
};

async function tell(api: RelayApi, runner: ScriptedRunner, name: string, count: number): Promise<ScriptedWorker> {
  const worker = await runner.startWorker(await createSession(api, runner.runnerId, name));
  worker.send(
    { type: 'session.opened', data: { epoch: 1, isResumed: false } },
    { type: 'activity.changed', data: { activity: 'idle' } },
  );
  await tellConversation(api, worker, count, MESSAGE_BYTES);
  return worker;
}

async function firstLoad(browser: Browser, url: string): Promise<Figure[]> {
  const figures: Figure[] = [];
  for (const isSignedIn of [false, true]) {
    const load = await measureFirstLoad(browser, url, isSignedIn);
    const page = isSignedIn ? 'the list of sessions' : 'the sign-in page';
    const baseline = { name: 'uncompressed', value: spreadOf([load.plain / 1_000]) };
    const row = (name: string, bytes: number, bar: Bar | null): Figure => ({
      name: `JavaScript of the first load, ${page}, ${name}`,
      unit: 'kB',
      value: spreadOf([bytes / 1_000]),
      baseline,
      bar,
    });
    figures.push(
      row('as sent', load.sent, atMost(250)),
      row('Brotli', load.brotli, null),
      row('gzip', load.gzip, null),
    );
  }
  return figures;
}

interface Sessions {
  long: ScriptedWorker;
  short: ScriptedWorker;
}

async function session(
  browser: Browser,
  url: string,
  { long, short }: Sessions,
  say: (text: string) => void,
): Promise<Figure[]> {
  await using view = await ConsolePage.open(browser, url);
  const openings = { long: [] as number[], short: [] as number[] };
  say('opening');
  let shortHeap = NaN;
  for (let left = ROUNDS; left > 0; left--) {
    await view.showList(short.sessionId);
    openings.short.push(await view.openSession(short.sessionId, LAST_WORDS));
    if (left === 1) shortHeap = await view.heapBytes();
    await view.showList(long.sessionId);
    openings.long.push(await view.openSession(long.sessionId, LAST_WORDS));
  }
  say('streaming');
  const busy = await stream(view, long);
  say('scrolling');
  const scroll = await scrollUp(view);
  const heap = await view.heapBytes();
  const few = `a session of ${FEW_MESSAGES} messages`;
  const one = (value: number) => spreadOf([value]);
  return [
    {
      name: `from the click to the last of ${MESSAGES} messages`,
      unit: 'ms',
      value: spreadOf(openings.long),
      baseline: { name: few, value: spreadOf(openings.short) },
      bar: atMost(1_000),
    },
    {
      name: `main thread busy while ${TOKENS_PER_SECOND} tokens/s stream`,
      unit: '%',
      value: spreadOf(busy.streaming),
      baseline: { name: 'nothing happens', value: spreadOf(busy.idle) },
      bar: under(50),
    },
    {
      name: 'frames without all rows in a scroll of 10 s',
      unit: 'frames',
      value: one(scroll.lacking),
      baseline: { name: 'frames in all', value: one(scroll.frames) },
      bar: atMost(0),
    },
    { name: 'longest frame of the scroll', unit: 'ms', value: one(scroll.longestFrameMs), baseline: null, bar: null },
    {
      name: 'heap after the scroll and a collection',
      unit: 'MB',
      value: one(heap / MB),
      baseline: { name: few, value: one(shortHeap / MB) },
      bar: under(300),
    },
  ];
}

/** At the end of the long session, where new tokens show. */
async function stream(view: ConsolePage, worker: ScriptedWorker): Promise<{ streaming: number[]; idle: number[] }> {
  const idle: number[] = [];
  const streaming: number[] = [];
  for (let left = STREAM_ROUNDS; left > 0; left--)
    idle.push(100 * (await view.busyShare(() => view.page.waitForTimeout(1_000))));
  const tokens = new TokenStream(worker);
  for (let left = STREAM_ROUNDS; left > 0; left--)
    streaming.push(100 * (await view.busyShare(() => tokens.run(TOKENS_PER_SECOND, STREAM_MS))));
  return { streaming, idle };
}

/** Turns the wheel upwards, towards messages that are not loaded yet. */
async function scrollUp(view: ConsolePage) {
  await view.page.mouse.move(640, 400);
  const trace = view.page.evaluate(watchRows, SCROLL_MS);
  const until = performance.now() + SCROLL_MS;
  while (performance.now() < until) {
    await view.page.mouse.wheel(0, -WHEEL_PX);
    await view.page.waitForTimeout(WHEEL_EVERY_MS);
  }
  return trace;
}
