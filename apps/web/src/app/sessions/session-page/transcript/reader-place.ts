import type { Row } from '../conversation/row';

type Numbered = Pick<Row, 'seq'>;

interface PlacedRow {
  readonly index: number;
  /** Its start and end, in pixels from the start of the first row. */
  readonly start: number;
  readonly end: number;
}

/** The place of a reader who is not at the end: the first visible row with a sequence number, and the offset into it. */
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

/** The index of the row with that number, or of the last one before it if this branch has none; -1 if all come after it. */
export function rowAt(rows: readonly Numbered[], seq: number): number {
  return rows.findLastIndex((row) => row.seq > 0 && row.seq <= seq);
}
