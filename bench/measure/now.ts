/** Milliseconds since 1970 with a fraction: comparable between processes of one machine, which `performance.now()` is not. */
export function nowMs(): number {
  return performance.timeOrigin + performance.now();
}
