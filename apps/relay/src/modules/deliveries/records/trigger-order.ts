/**
 * When a trigger was accepted, as text that sorts. It is taken from the trigger's place on the bus, which Redis assigns in order, rather than from the
 * accepting replica's clock. Only triggers of the same bus can be compared.
 * @param place the stream id; null: an older version accepted it, so its time `ts` (ISO) is used
 */
export function triggerOrder(place: string | null, ts: string): string {
  const [ms, number] = /^(\d+)-(\d+)$/.exec(place ?? '')?.slice(1) ?? [];
  if (ms === undefined || number === undefined) return ts;
  return `${new Date(Number(ms)).toISOString()}-${number.padStart(10, '0')}`;
}
