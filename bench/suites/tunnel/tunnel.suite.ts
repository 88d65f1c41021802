import { setTimeout as pause } from 'node:timers/promises';
import { Type } from 'typebox';
import { atMost, type Bar, type Figure, ratioAtLeast } from '../../measure/figure.js';
import { spreadOf } from '../../measure/statistics.js';
import type { Suite } from '../../measure/suite.js';
import { type Place, TunnelBed } from './tunnel-bed.js';

const ROUNDS = 3;
const MIB = 1024 * 1024;
const DOWNLOAD_BYTES = 256 * MIB;
const CALLERS = [1, 16, 64];
const LOAD_MS = 4_000;
const STREAMS = 1_000;
const SLOW_MS = 8_000;
const Rate = Type.Object({ mbPerSecond: Type.Number() });
const Load = Type.Object({ perSecond: Type.Number(), p50: Type.Number(), p99: Type.Number() });
const Middle = Type.Object({ p50: Type.Number() });
const ratioAtMost = (limit: number): Bar => ({ of: 'ratio', is: 'at most', limit });

/** The same requests to the service by itself, through two plain proxies, and through relay and runner. */
export const tunnel: Suite = {
  name: 'tunnel',
  budgetS: 420,
  run: async ({ folder, say }) => {
    await using bed = await TunnelBed.start(folder);
    const figures: Figure[] = [];
    const atRest = bed.relay.residentBytes;
    for (const way of ['download', 'upload']) {
      say(`${way} of 256 MiB`);
      figures.push(...(await bytes(bed, way)));
    }
    figures.push(memory('memory of the relay after them, above what it had at rest', atRest, bed.relay.residentBytes));
    for (const callers of CALLERS) {
      say(`1 KiB, ${callers} callers`);
      figures.push(...(await requests(bed, callers)));
    }
    say('first bytes and echoes');
    figures.push(...(await firsts(bed)));
    say('a neighbour of a download without end');
    figures.push(await neighbour(bed));
    say('a client that reads 1 MB/s');
    figures.push(await slowReader(bed));
    say(`${STREAMS} event streams`);
    figures.push(...(await streams(bed)));
    return figures;
  },
};

/** In turn, so that what else the machine does hits all alike. */
async function inTurn<T>(
  { places }: TunnelBed,
  measure: (place: Place) => Promise<T>,
): Promise<Record<keyof TunnelBed['places'], T[]>> {
  const found: Record<keyof TunnelBed['places'], T[]> = { direct: [], chain: [], tunnel: [] };
  for (let round = 0; round < ROUNDS; round++)
    for (const name of ['direct', 'chain', 'tunnel'] as const) found[name].push(await measure(places[name]));
  return found;
}

async function bytes(bed: TunnelBed, way: string): Promise<Figure[]> {
  const found = await inTurn(
    bed,
    async (place) => (await bed.client.ask(way, { ...place, bytes: DOWNLOAD_BYTES }, Rate)).mbPerSecond,
  );
  return [
    compared(`${way}, 256 MiB`, 'MB/s', found.tunnel, found.chain, ratioAtLeast(0.7)),
    {
      ...compared(
        `${way}, 256 MiB, the chain beside the service itself`,
        'MB/s',
        found.chain,
        found.direct,
        null,
        'direct',
      ),
    },
  ];
}

async function requests(bed: TunnelBed, callers: number): Promise<Figure[]> {
  const found = await inTurn(bed, (place) => bed.client.ask('requests', { ...place, callers, ms: LOAD_MS }, Load));
  const of = (name: keyof typeof found, what: 'perSecond' | 'p99'): number[] => found[name].map((load) => load[what]);
  const by = callers === 1 ? '1 caller' : `${callers} callers`;
  return [
    compared(`answers of 1 KiB, ${by}`, '/s', of('tunnel', 'perSecond'), of('chain', 'perSecond'), ratioAtLeast(0.6)),
    compared(
      `answers of 1 KiB, ${by}, the chain beside the service itself`,
      '/s',
      of('chain', 'perSecond'),
      of('direct', 'perSecond'),
      null,
      'direct',
    ),
    compared(`p99 of an answer of 1 KiB, ${by}`, 'ms', of('tunnel', 'p99'), of('chain', 'p99'), ratioAtMost(3)),
  ];
}

async function firsts(bed: TunnelBed): Promise<Figure[]> {
  const measured: [string, (place: Place) => Promise<{ p50: number }>][] = [
    ['first byte', (place) => bed.client.ask('firstBytes', { ...place, path: '/kib', count: 200 }, Middle)],
    [
      'first event of a stream',
      (place) => bed.client.ask('firstBytes', { ...place, path: '/events', count: 200 }, Middle),
    ],
    ['echo of a WebSocket', (place) => bed.client.ask('echo', { ...place, count: 500 }, Middle)],
  ];
  const figures: Figure[] = [];
  for (const [name, measure] of measured) {
    const found = await inTurn(bed, async (place) => (await measure(place)).p50);
    const over = found.tunnel.map((value, at) => value - (found.chain[at] ?? NaN));
    figures.push(compared(`p50, ${name}`, 'ms', found.tunnel, found.chain, null));
    figures.push({
      name: `p50, ${name}, above the chain`,
      unit: 'ms',
      value: spreadOf(over),
      baseline: null,
      bar: atMost(3),
    });
  }
  return figures;
}

async function neighbour(bed: TunnelBed): Promise<Figure> {
  const { tunnel: place } = bed.places;
  const ask = async (): Promise<number> =>
    (await bed.client.ask('requests', { ...place, callers: 1, ms: LOAD_MS }, Load)).p99;
  const [quiet, beside]: [number[], number[]] = [[], []];
  for (let round = 0; round < ROUNDS; round++) {
    quiet.push(await ask());
    await bed.neighbour.do('greedy', { ...place, bytesPerSecond: null });
    beside.push(await ask());
    await bed.neighbour.do('letGo');
  }
  return compared(
    'p99 of an answer of 1 KiB beside a download without end',
    'ms',
    beside,
    quiet,
    ratioAtMost(3),
    'without it',
  );
}

async function slowReader(bed: TunnelBed): Promise<Figure> {
  const before = bed.relay.residentBytes;
  await bed.neighbour.do('greedy', { ...bed.places.tunnel, bytesPerSecond: 1_000_000 });
  let most = before;
  for (const end = performance.now() + SLOW_MS; performance.now() < end; await pause(100))
    most = Math.max(most, bed.relay.residentBytes);
  await bed.neighbour.do('letGo');
  return memory(
    'memory of the relay while a client reads 1 MB/s of a download without end, above before',
    before,
    most,
  );
}

async function streams(bed: TunnelBed): Promise<Figure[]> {
  const before = bed.relay.residentBytes;
  const { open } = await bed.neighbour.ask(
    'hold',
    { ...bed.places.tunnel, count: STREAMS },
    Type.Object({ open: Type.Integer() }),
  );
  const each = (bed.relay.residentBytes - before) / STREAMS / 1_000;
  await bed.neighbour.do('letGo');
  return [
    {
      name: `of ${STREAMS} event streams through one runner, open`,
      unit: 'streams',
      value: spreadOf([open]),
      baseline: null,
      bar: { of: 'value', is: 'at least', limit: STREAMS },
    },
    {
      name: 'memory of the relay for each of them',
      unit: 'kB',
      value: spreadOf([each]),
      baseline: null,
      bar: atMost(60),
    },
  ];
}

function memory(name: string, before: number, after: number): Figure {
  return { name, unit: 'MiB', value: spreadOf([(after - before) / MIB]), baseline: null, bar: atMost(64) };
}

function compared(
  name: string,
  unit: string,
  value: number[],
  baseline: number[],
  bar: Bar | null,
  to = 'chain of two proxies',
): Figure {
  return { name, unit, value: spreadOf(value), baseline: { name: to, value: spreadOf(baseline) }, bar };
}
