import { mkdirSync, writeFileSync } from 'node:fs';
import { cpus, totalmem } from 'node:os';
import { join } from 'node:path';
import { root } from '../product/paths.js';
import { type Figure, isMet, ratioOf } from './figure.js';

export interface SuiteResult {
  suite: string;
  tookMs: number;
  figures: Figure[];
  /** Why there are no figures. */
  failure: string | null;
}

/** Writes `bench/results/<time>.json`. @returns its path */
export function writeResults(startedAt: Date, suites: readonly SuiteResult[]): string {
  const folder = join(root, 'bench', 'results');
  mkdirSync(folder, { recursive: true });
  const file = join(folder, `${startedAt.toISOString().replaceAll(':', '-')}.json`);
  const machine = {
    cpus: cpus().length,
    cpuModel: cpus()[0]?.model ?? '',
    memoryBytes: totalmem(),
    node: process.version,
  };
  const judged = suites.map((suite) => ({
    ...suite,
    figures: suite.figures.map((figure) => ({ ...figure, ratio: ratioOf(figure), isMet: isMet(figure) })),
  }));
  writeFileSync(file, `${JSON.stringify({ startedAt: startedAt.toISOString(), machine, suites: judged }, null, 2)}\n`);
  return file;
}
