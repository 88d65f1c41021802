import type { Spread } from './statistics.js';

/** What a figure is held to: itself, or its ratio to the baseline. */
export interface Bar {
  of: 'value' | 'ratio';
  is: 'at least' | 'at most' | 'under';
  limit: number;
}

/** One measured quantity, with what it is compared to from the same run. */
export interface Figure {
  name: string;
  unit: string;
  value: Spread;
  baseline: { name: string; value: Spread } | null;
  /** Null: shown for comparison, held to nothing. */
  bar: Bar | null;
}

/** The median against the bar; null where there is no bar. */
export function isMet({ value, baseline, bar }: Figure): boolean | null {
  if (bar === null) return null;
  const measured = bar.of === 'value' ? value.median : value.median / (baseline?.value.median ?? NaN);
  if (bar.is === 'at least') return measured >= bar.limit;
  return bar.is === 'at most' ? measured <= bar.limit : measured < bar.limit;
}

export function ratioOf({ value, baseline }: Figure): number | null {
  return baseline === null || baseline.value.median === 0 ? null : value.median / baseline.value.median;
}

export const atLeast = (limit: number): Bar => ({ of: 'value', is: 'at least', limit });
export const atMost = (limit: number): Bar => ({ of: 'value', is: 'at most', limit });
export const under = (limit: number): Bar => ({ of: 'value', is: 'under', limit });
export const ratioAtLeast = (limit: number): Bar => ({ of: 'ratio', is: 'at least', limit });
