import { join } from 'node:path';
import { Type } from 'typebox';
import { atMost, type Bar, type Figure, ratioAtLeast } from '../../measure/figure.js';
import { spreadOf } from '../../measure/statistics.js';
import type { Suite } from '../../measure/suite.js';
import { manyStreams, memory, restingBytes, slowReader } from './memory.js';
import { type Place, TunnelBed } from './tunnel-bed.js';

const ROUNDS = 3;
const MIB = 1024 * 1024;
const DOWNLOAD_BYTES = 256 * MIB;
const CALLERS = [1, 16, 64];
const LOAD_MS = 4_000;
const Rate = Type.Object({ mbPerSecond: Type.Number() });
const Load = Type.Object({ perSecond: Type.Number(), p50: Type.Number(), p99: Type.Number() });
const Middle = Type.Object({ p50: Type.Number() });
const ratioAtMost = (limit: number): Bar => ({ of: 'ratio', is: 'at most', limit });

/** The same requests to the service by itself, through two plain proxies, and through relay and runner. */
export const tunnel: Suite = {
  name: 'tunnel',
  budgetS: 420,
  run: async ({ folder, say }) => [
    ...(await speed(join(folder, 'speed'), say)),
    ...(await slowReader(join(folder, 'slow-reader'), say)),
    ...(await manyStreams(join(folder, 'streams'), say)),
  ],
};

async function speed(folder: string, say: (text: string) => void): Promise<Figure[]> {
  await using bed = await TunnelBed.start(folder);
  const figures = await transfers(bed, say);
  say('warming up');
  await inTurn(bed, (place) => bed.client.ask('requests', { ...place, callers: 16, ms: LOAD_MS }, Load));
  for (const callers of CALLERS) {
    say(`1 KiB, ${callers} callers`);
    figures.push(...(await requests(bed, callers)));
  }
  say('first bytes and echoes');
  figures.push(...(await firsts(bed)));
  say('a neighbour of a download without end');
  figures.push(...(await neighbour(bed)));
  return figures;
}

async function transfers(bed: TunnelBed, say: (text: string) => void): Promise<Figure[]> {
  const figures: Figure[] = [];
  const atRest = await restingBytes(bed);
  const most = await bed.relay.peakBytesDuring(async () => {
    for (const way of ['download', 'upload']) {
      say(`${way} of 256 MiB`);
      figures.push(...(await bytes(bed, way)));
    }
  });
  return [
    ...figures,
    memory('memory of the relay after them, above what it had at rest', atRest, bed.relay.residentBytes, atMost(64)),
    memory('memory of the relay at its most during them, above what it had at rest', atRest, most, null),
  ];
}

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
    compared(`${way}, 256 MiB, the chain beside the service itself`, 'MB/s', found.chain, found.direct, null, 'direct'),
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

async function neighbour(bed: TunnelBed): Promise<Figure[]> {
  const found = { quiet: [] as number[], beside: [] as number[], chain: [] as number[] };
  for (let round = 0; round < ROUNDS; round++) {
    found.quiet.push(await p99Of(bed, 'tunnel'));
    found.beside.push(await besideDownload(bed, 'tunnel'));
    found.chain.push(await besideDownload(bed, 'chain'));
  }
  const name = 'p99 of an answer of 1 KiB beside a download without end';
  return [
    compared(name, 'ms', found.beside, found.quiet, ratioAtMost(3), 'without it'),
    compared(`${name}, likewise in the chain`, 'ms', found.beside, found.chain, null),
  ];
}

async function besideDownload(bed: TunnelBed, name: 'chain' | 'tunnel'): Promise<number> {
  await bed.neighbour.do('greedy', { ...bed.places[name], bytesPerSecond: null });
  const p99 = await p99Of(bed, name);
  await bed.neighbour.do('letGo');
  return p99;
}

async function p99Of({ client, places }: TunnelBed, name: 'chain' | 'tunnel'): Promise<number> {
  return (await client.ask('requests', { ...places[name], callers: 1, ms: LOAD_MS }, Load)).p99;
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
