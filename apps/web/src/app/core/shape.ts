/**
 * What comes from the relay is checked by hand, since a schema library would be a tenth of the bundle: the frame of a message, not
 * each field of it.
 */
export type Shape<T> = (value: unknown) => value is T;

export function isListOf<T>(value: unknown, isItem: Shape<T>): value is T[];
export function isListOf(value: unknown, isItem: (item: unknown) => boolean): value is unknown[];
export function isListOf(value: unknown, isItem: (item: unknown) => boolean): value is unknown[] {
  return Array.isArray(value) && value.every((item: unknown) => isItem(item));
}

export function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** An object with texts under these names. */
export function has<K extends string>(
  value: unknown,
  ...names: K[]
): value is Record<string, unknown> & Record<K, string> {
  return isRecord(value) && names.every((name) => typeof value[name] === 'string');
}

export function isCount(value: unknown): value is number {
  return typeof value === 'number' && Number.isInteger(value) && value >= 0;
}
