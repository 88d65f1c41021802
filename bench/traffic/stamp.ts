import { nowMs } from '../measure/now.js';

const STAMP = /^@(\d+\.\d+) /;

/** A text that tells when it was made, for the reader's clock on the same machine. */
export function stamped(text: string): string {
  return `@${nowMs().toFixed(3)} ${text}`;
}

/** Milliseconds since the text was stamped; null when it was not. */
export function ageMs(text: string): number | null {
  const stamp = STAMP.exec(text)?.[1];
  return stamp === undefined ? null : nowMs() - Number(stamp);
}
