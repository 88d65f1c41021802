import { atMost, type Figure } from '../measure/figure.js';
import { spreadOf } from '../measure/statistics.js';
import type { Suite } from '../measure/suite.js';
import { Link, type Target } from '../traffic/link.js';
import { openTestBed } from '../traffic/test-bed.js';

const PER_SECOND = 1_000;
const ROUNDS = 5;
const ROUND_S = 2;
const WARM_UP_S = 1;
const CASES = [
  { viewers: 1, isEven: false },
  { viewers: 1, isEven: true },
  { viewers: 10, isEven: true },
];

/** How long an event takes from the worker's coalescer to a viewer's handler, at 1,000 events a second. */
export const latency: Suite = {
  name: 'latency',
  budgetS: 120,
  run: async ({ folder, say }) => {
    await using bed = await openTestBed(folder);
    const figures: Figure[] = [];
    for (const { viewers, isEven } of CASES) {
      const name = `${viewers} viewer${viewers === 1 ? '' : 's'}, ${isEven ? 'evenly spaced' : 'a burst each frame'}`;
      say(name);
      const relay: Ages[] = [];
      const bare: Ages[] = [];
      await using toRelay = await warmedUp(bed.relay, viewers, isEven);
      await using toBare = await warmedUp(bed.bare, viewers, isEven);
      for (let left = ROUNDS; left > 0; left--) {
        relay.push(await measure(toRelay, viewers, isEven));
        bare.push(await measure(toBare, viewers, isEven));
      }
      figures.push(figure(`p50, ${name}`, relay, bare, ({ p50Ms }) => p50Ms, false));
      figures.push(figure(`p99, ${name}`, relay, bare, ({ p99Ms }) => p99Ms, true));
    }
    return figures;
  },
};

interface Ages {
  p50Ms: number;
  p99Ms: number;
}

async function warmedUp(target: Target, viewers: number, isEven: boolean): Promise<Link> {
  const link = await Link.open(target, viewers);
  await link.steady({ perSecond: PER_SECOND, seconds: WARM_UP_S, isEven });
  await link.count();
  return link;
}

async function measure(link: Link, viewers: number, isEven: boolean): Promise<Ages> {
  const { count } = await link.steady({ perSecond: PER_SECOND, seconds: ROUND_S, isEven });
  const counted = await link.count();
  if (counted.stamped !== count * viewers)
    throw new Error(`${count * viewers} stamped events were sent, ${counted.stamped} arrived.`);
  const rate = count / ROUND_S;
  if (rate < PER_SECOND * 0.8)
    throw new Error(`Only ${Math.round(rate)} events/s left the coalescer instead of ${PER_SECOND}.`);
  return counted;
}

function figure(name: string, relay: Ages[], bare: Ages[], of: (ages: Ages) => number, hasBar: boolean): Figure {
  const baseline = { name: 'bare', value: spreadOf(bare.map(of)) };
  return { name, unit: 'ms', value: spreadOf(relay.map(of)), baseline, bar: hasBar ? atMost(10) : null };
}
