import type { CriterionValue } from '@pizzapi/protocol';

/** Reads as a number in JSON; `1e999` or `007` are texts. */
const NUMBER = /^-?(0|[1-9]\d*)(\.\d+)?([eE][+-]?\d+)?$/;
/** A quoted text, or anything up to the next comma. */
const PART = /\s*("(?:[^"\\]|\\.)*"(?=\s*(?:,|$))|[^,]*)\s*(?:,|$)/gy;

/**
 * What a person typed, as values: several are parted by commas and mean any of them. `412` is a number, `true` a truth,
 * anything else a text; quotes make a text of whatever they hold. Where the schema says text, all of it is.
 */
export function criterionOf(text: string, isText = false): CriterionValue | CriterionValue[] {
  const values = partsOf(text).map((part) => valueOf(part, isText));
  return values.length === 1 ? (values[0] ?? '') : values;
}

/** The same value as it can be typed. */
export function textOfCriterion(value: CriterionValue | CriterionValue[], isText = false): string {
  return (Array.isArray(value) ? value : [value]).map((each) => typed(each, isText)).join(', ');
}

function partsOf(text: string): string[] {
  const parts = [...text.trim().matchAll(PART)].map((match) => match[1]?.trim() ?? '').filter((part) => part !== '');
  return parts.length > 0 ? parts : [''];
}

function valueOf(part: string, isText: boolean): CriterionValue {
  if (part.startsWith('"')) return unquoted(part);
  if (isText) return part;
  if (part === 'true' || part === 'false') return part === 'true';
  return NUMBER.test(part) && Number.isFinite(Number(part)) ? Number(part) : part;
}

function unquoted(part: string): string {
  try {
    const value: unknown = JSON.parse(part);
    return typeof value === 'string' ? value : part;
  } catch {
    // A quotation mark that was never closed is part of the text.
    return part;
  }
}

/** Quoted where it would be read as something else. */
function typed(value: CriterionValue, isText: boolean): string {
  if (typeof value !== 'string') return String(value);
  const isPlain = value === value.trim() && value !== '' && !/[",]/.test(value) && valueOf(value, isText) === value;
  return isPlain ? value : JSON.stringify(value);
}
