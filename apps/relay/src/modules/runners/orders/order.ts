import { RunnerOrder } from '@pizzapi/protocol';
import { Compile } from 'typebox/compile';
import { parseJson } from '../../../platform/redis/parse-json.js';

type WithoutCursor<T> = T extends unknown ? Omit<T, 'cursor'> : never;
/** An order before it is in a runner's inbox. */
export type NewOrder = WithoutCursor<RunnerOrder>;

const check = Compile(RunnerOrder);

/** Parses a stored order; null when it is not in the catalog: it is damaged, or a newer version wrote it. */
export function parseOrder(cursor: string, json: string): RunnerOrder | null {
  const value = parseJson(json);
  const order: unknown = typeof value === 'object' && value !== null ? { ...value, cursor } : null;
  return check.Check(order) ? order : null;
}
