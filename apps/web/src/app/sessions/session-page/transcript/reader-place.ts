import type { Row } from '../conversation/row';

type Numbered = Pick<Row, 'seq'>;

interface PlacedRow {
  readonly index: number;
  /** Where it begins and ends, from the beginning of all rows. */
  readonly start: number;
  readonly end: number;
}

/** Where somebody reads who is not at the end: the first row in sight that has a number, and how far into it. */
export interface ReaderPlace {
  readonly seq: number;
  readonly into: number;
}

export function readerPlace(
  rows: readonly Numbered[],
  placed: readonly PlacedRow[],
  scrollTop: number,
): ReaderPlace | null {
  const inSight = placed.filter(({ end }) => end > scrollTop);
  const first = inSight.find(({ index }) => (rows[index]?.seq ?? 0) > 0);
  const seq = first === undefined ? 0 : (rows[first.index]?.seq ?? 0);
  return first === undefined || seq === 0 ? null : { seq, into: Math.max(0, scrollTop - first.start) };
}

/** The row with that number, or the nearest before it, where another branch has none; -1: all come after it. */
export function rowAt(rows: readonly Numbered[], seq: number): number {
  return rows.findLastIndex((row) => row.seq > 0 && row.seq <= seq);
}
