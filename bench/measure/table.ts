import { type Bar, type Figure, isMet, ratioOf } from './figure.js';
import type { Spread } from './statistics.js';

const HEAD = ['figure', 'median', 'min … max', 'baseline', 'ratio', 'bar', ''] as const;

/** A suite's figures as aligned text. */
export function tableOf(figures: readonly Figure[]): string {
  const rows = [[...HEAD], ...figures.map(rowOf)];
  const widths = HEAD.map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  return rows
    .map((row) =>
      row
        .map((cell, column) => cell.padEnd(widths[column] ?? 0))
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}

/** The same for a document. */
export function markdownOf(figures: readonly Figure[]): string {
  const head = [...HEAD.slice(0, -1), 'met?'];
  const rows = [head, head.map(() => '---'), ...figures.map(rowOf)];
  return rows.map((row) => `| ${row.join(' | ')} |`).join('\n');
}

function rowOf(figure: Figure): string[] {
  const { name, unit, value, baseline, bar } = figure;
  const ratio = ratioOf(figure);
  return [
    name,
    `${round(value.median)} ${unit}`,
    value.rounds === 1 ? 'one round' : range(value),
    baseline === null ? '' : `${round(baseline.value.median)} (${range(baseline.value)}) ${baseline.name}`,
    ratio === null ? '' : ratio.toFixed(2),
    bar === null ? '' : barText(bar, unit),
    verdict(isMet(figure)),
  ];
}

function range({ min, max }: Spread): string {
  return `${round(min)} … ${round(max)}`;
}

function barText({ of, is, limit }: Bar, unit: string): string {
  const sign = { 'at least': '≥', 'at most': '≤', under: '<' }[is];
  return `${sign} ${limit}${of === 'ratio' ? ' of baseline' : ` ${unit}`}`;
}

function verdict(met: boolean | null): string {
  if (met === null) return '';
  return met ? 'met' : 'MISSED';
}

function round(value: number): string {
  if (!Number.isFinite(value)) return 'none';
  const digits = Math.abs(value) >= 100 || Number.isInteger(value) ? 0 : Math.abs(value) >= 10 ? 1 : 2;
  return value.toFixed(digits).replace(/\B(?=(\d{3})+(?!\d)(?!\.))(?<!\.\d*)/g, ',');
}
