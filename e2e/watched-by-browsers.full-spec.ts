import { randomBytes, randomInt } from 'node:crypto';
import {
  killProcess,
  launchBrowser,
  LoadBalancer,
  RelayApi,
  RelayProcess,
  removeFolder,
  ScriptedRunner,
  seededRandom,
  temporaryFolder,
} from '@pizzapi/testing';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, it } from 'vitest';
import { Person } from './console/person.js';
import { ToldStory } from './scenarios/told-story.js';
import { WatchingPage } from './scenarios/watching-page.js';

const seed = Number(process.env['PIZZAPI_CHAOS_SEED'] ?? randomInt(1, 2 ** 31));
const ROUNDS = 8;
const STEPS = 60;
/** Far less than what is told while somebody is away. */
const BUFFER = 100;

describe(`the console under faults, seed ${seed}`, () => {
  const random = seededRandom(seed);
  const pick = <T>(from: readonly T[]): T => {
    const one = from[Math.floor(random() * from.length)];
    if (one === undefined) throw new Error('There is nothing to pick from.');
    return one;
  };
  let home: string;
  let relay: RelayProcess;
  let balancer: LoadBalancer;
  let runner: ScriptedRunner;
  let browser: Browser;
  const stories: ToldStory[] = [];
  const pages: WatchingPage[] = [];

  beforeAll(async () => {
    home = await temporaryFolder('watched');
    balancer = await LoadBalancer.start(() => [relay.port]);
    const url = `http://localhost:${balancer.port}`;
    const { PIZZAPI_CONSOLE_DIR = '' } = process.env;
    const env = {
      PIZZAPI_PUBLIC_URL: url,
      PIZZAPI_RELAY_EVENT_BUFFER_SIZE: String(BUFFER),
      PIZZAPI_SECRET_KEY: randomBytes(32).toString('hex'),
      ...(PIZZAPI_CONSOLE_DIR && { PIZZAPI_CONSOLE_DIR }),
    };
    [relay, browser] = await Promise.all([RelayProcess.start({ home, env }), launchBrowser()]);
    const owner = await new RelayApi(relay.url).register('ada@example.com');
    runner = await ScriptedRunner.connect(owner);
    for (const letter of ['A', 'B']) stories.push(new ToldStory(letter, await runner.startSession(), random));
    for (const story of stories) for (let step = 0; step < 5; step++) story.goOn();
    const ada = await Person.open(browser, url, 'ada@example.com', { expected: [/./] });
    await ada.signIn();
    for (let number = 0; number < 2; number++)
      pages.push(await WatchingPage.open(await ada.context.newPage(), stories));
  });
  afterAll(async () => {
    for (const { worker } of stories) worker.stop();
    runner.stop();
    await browser.close();
    await relay.stop();
    await balancer.stop();
    await removeFolder(home);
  });

  /** Each answers how it is made good. */
  const faults: readonly ((page: WatchingPage) => Promise<() => Promise<unknown>>)[] = [
    async (page) => (await page.reload(), () => Promise.resolve()),
    async (page) => (await page.hurryThrough(pick(stories)), () => Promise.resolve()),
    async (page) => (await page.leaveAndReturn(), () => Promise.resolve()),
    async (page) => (await page.freeze(), () => page.thaw()),
    async (page) => (await page.setOffline(true), () => page.setOffline(false)),
    () => {
      balancer.cut();
      return Promise.resolve(() => Promise.resolve(balancer.heal()));
    },
    async () => {
      await relay.kill('SIGKILL');
      return () => relay.start();
    },
    () => {
      const killed = relay.redisPid();
      killProcess(killed);
      return Promise.resolve(() => relay.ownRedisOtherThan(killed));
    },
  ];

  for (let round = 1; round <= ROUNDS; round++) {
    it(`shows what was said, once and in order, round ${round}`, { timeout: 240_000 }, async () => {
      const makeGood = await pick(faults)(pick(pages));
      for (let step = 0; step < STEPS; step++) {
        pick(stories).goOn();
        await new Promise((resolve) => setImmediate(resolve));
      }
      await makeGood();
      for (let step = 0; step < STEPS; step++) {
        pick(stories).goOn();
        await new Promise((resolve) => setImmediate(resolve));
      }
      for (const { worker } of stories) await worker.flushed();
      for (const page of pages) await page.isRight(seed);
    });
  }
});
