/** Says how fast the bytes of one or many exchanges may pass. */
export interface Pacing {
  /** Counts bytes that have passed. @returns milliseconds to wait before more may pass */
  passed(bytes: number): number;
}
