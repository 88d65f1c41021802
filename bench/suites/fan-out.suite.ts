import { type Figure, ratioAtLeast } from '../measure/figure.js';
import { spreadOf } from '../measure/statistics.js';
import type { Suite } from '../measure/suite.js';
import { Link, type Target } from '../traffic/link.js';
import { openTestBed, type TestBed } from '../traffic/test-bed.js';

const ROUNDS = 5;
const ROUND_S = 1.5;
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
      figures.push({ name: `${name}, batched alike`, unit: '/s', value, baseline: { name: 'bare, batching', value: spreadOf(rates.batching) }, bar: null });
    }
    return figures;
  },
};

/** The three in turn, so that whatever else the machine does meets all of them. */
async function measure(bed: TestBed, viewers: number): Promise<{ relay: number[]; bare: number[]; batching: number[] }> {
  const round = async (target: Target, isBatched: boolean, count: number): Promise<number> => {
    await bed.batchBare(isBatched);
    await using link = await Link.open(target, bed.sender, bed.viewers, viewers);
    return link.burst(count, AHEAD);
  };
  const relay = new Contender(viewers, (count) => round(bed.relay, false, count));
  const bare = new Contender(viewers, (count) => round(bed.bare, false, count));
  const batching = new Contender(viewers, (count) => round(bed.bare, true, count));
  const all = [relay, bare, batching];
  for (const contender of all) await contender.warmUp();
  for (let left = ROUNDS; left > 0; left--) for (const contender of all) await contender.round();
  return { relay: relay.rates, bare: bare.rates, batching: batching.rates };
}

class Contender {
  readonly rates: number[] = [];
  private count: number;

  constructor(
    viewers: number,
    private readonly run: (count: number) => Promise<number>,
  ) {
    this.count = Math.min(3_000, WARM_UP / viewers);
  }

  /** Also finds out how many events take about as long as a round should. */
  async warmUp(): Promise<void> {
    await this.run(this.count);
    this.count = Math.round((await this.run(this.count)) * ROUND_S);
  }

  async round(): Promise<void> {
    this.rates.push(await this.run(this.count));
  }
}
