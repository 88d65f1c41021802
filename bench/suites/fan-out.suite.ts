import { type Figure, ratioAtLeast } from '../measure/figure.js';
import { spreadOf } from '../measure/statistics.js';
import type { Suite } from '../measure/suite.js';
import { Link, type Target } from '../traffic/link.js';
import { openTestBed, type TestBed } from '../traffic/test-bed.js';

const ROUNDS = 5;
const ROUND_S = 1;
/** Events that may be under way; keeps every server's queues of the same, bounded length. */
const AHEAD = 4_096;
/** Events of a warm-up, of all viewers together. */
const WARM_UP = 30_000;
const CASES = [
  { viewers: 1, bar: ratioAtLeast(0.25) },
  { viewers: 10, bar: ratioAtLeast(0.5) },
  { viewers: 100, bar: ratioAtLeast(0.5) },
];

/** Events per second that reach every viewer of one session, as fast as they can be sent without losing one. */
export const fanOut: Suite = {
  name: 'fan-out',
  budgetS: 150,
  run: async ({ folder, say }) => {
    await using bed = await openTestBed(folder);
    const figures: Figure[] = [];
    for (const { viewers, bar } of CASES) {
      say(`${viewers} viewers`);
      const rates = await measure(bed, viewers);
      const value = spreadOf(rates.relay);
      const name = `events/s to ${viewers} viewer${viewers === 1 ? '' : 's'}`;
      figures.push({ name, unit: '/s', value, baseline: { name: 'bare', value: spreadOf(rates.bare) }, bar });
      figures.push({
        name: `${name}, batched alike`,
        unit: '/s',
        value,
        baseline: { name: 'bare, batching', value: spreadOf(rates.batching) },
        bar: null,
      });
    }
    return figures;
  },
};

/** The three in turn, so that whatever else the machine does meets all of them. */
async function measure(
  bed: TestBed,
  viewers: number,
): Promise<{ relay: number[]; bare: number[]; batching: number[] }> {
  await using relay = await Contender.open(bed.relay, viewers);
  await using bare = await Contender.open(bed.bare, viewers);
  await using batching = await Contender.open(bed.batching, viewers);
  for (let left = ROUNDS; left > 0; left--) for (const contender of [relay, bare, batching]) await contender.round();
  return { relay: relay.rates, bare: bare.rates, batching: batching.rates };
}

class Contender implements AsyncDisposable {
  readonly rates: number[] = [];

  private constructor(
    private readonly link: Link,
    /** How many events take about as long as a round should. */
    private readonly count: number,
  ) {}

  static async open(target: Target, viewers: number): Promise<Contender> {
    const link = await Link.open(target, viewers);
    const count = Math.min(3_000, WARM_UP / viewers);
    await link.burst(count, AHEAD);
    return new Contender(link, Math.round((await link.burst(count, AHEAD)) * ROUND_S));
  }

  async round(): Promise<void> {
    this.rates.push(await this.link.burst(this.count, AHEAD));
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.link[Symbol.asyncDispose]();
  }
}
