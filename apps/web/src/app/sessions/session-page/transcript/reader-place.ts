import type { Row } from '../conversation/rows';

interface PlacedRow {
  readonly index: number;
  /** Where it ends, from the beginning of all rows. */
  readonly end: number;
}

/** Where somebody reads who is not at the end: the number in the conversation of the first row in sight; null: nothing with a number is. */
export function readerPlace(rows: readonly Row[], placed: readonly PlacedRow[], scrollTop: number): number | null {
  const inSight = placed.filter(({ end }) => end > scrollTop).map(({ index }) => rows[index]?.seq ?? 0);
  return inSight.find((seq) => seq > 0) ?? null;
}

/** The row with that number, or the nearest before it, where another branch has none; -1: all come after it. */
export function rowAt(rows: readonly Row[], seq: number): number {
  return rows.findLastIndex((row) => row.seq > 0 && row.seq <= seq);
}
