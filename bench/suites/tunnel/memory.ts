import { setTimeout as pause } from 'node:timers/promises';
import { Type } from 'typebox';
import { atLeast, atMost, type Bar, type Figure } from '../../measure/figure.js';
import { spreadOf } from '../../measure/statistics.js';
import { TunnelBed } from './tunnel-bed.js';

const MIB = 1024 * 1024;
const REST_MS = 5_000;
const SLOW_MS = 8_000;
const STREAMS = 1_000;
const Open = Type.Object({ open: Type.Integer() });

/** What the relay has when nobody has asked for anything for a while. */
export async function restingBytes({ relay }: TunnelBed): Promise<number> {
  await pause(REST_MS);
  return relay.residentBytes;
}

/** On a relay of its own: a heap that has grown before would take in everything without growing. */
export async function slowReader(folder: string, say: (text: string) => void): Promise<Figure[]> {
  await using bed = await TunnelBed.start(folder);
  const atRest = await restingBytes(bed);
  say('a client that reads 1 MB/s');
  const most = await bed.relay.peakBytesDuring(async () => {
    await bed.neighbour.do('greedy', { ...bed.places.tunnel, bytesPerSecond: 1_000_000 });
    await pause(SLOW_MS);
  });
  await bed.neighbour.do('letGo');
  const name =
    'memory of the relay at its most while a client reads 1 MB/s of a download without end, above what it had at rest';
  return [memory(name, atRest, most, atMost(64))];
}

/** On a relay of its own, too. */
export async function manyStreams(folder: string, say: (text: string) => void): Promise<Figure[]> {
  await using bed = await TunnelBed.start(folder);
  const atRest = await restingBytes(bed);
  say(`${STREAMS} event streams`);
  let open = 0;
  const most = await bed.relay.peakBytesDuring(async () => {
    ({ open } = await bed.neighbour.ask('hold', { ...bed.places.tunnel, count: STREAMS }, Open));
  });
  await bed.neighbour.do('letGo');
  const each = (most - atRest) / STREAMS / 1_000;
  return [
    figure(`of ${STREAMS} event streams through one runner, open`, 'streams', open, atLeast(STREAMS)),
    figure('memory of the relay at its most for each of them', 'kB', each, atMost(60)),
  ];
}

export function memory(name: string, before: number, after: number, bar: Bar | null): Figure {
  return figure(name, 'MiB', (after - before) / MIB, bar);
}

function figure(name: string, unit: string, value: number, bar: Bar | null): Figure {
  return { name, unit, value: spreadOf([value]), baseline: null, bar };
}
