/**
 * When a trigger was accepted, as a text that sorts: by its place on the bus, which Redis gives in order, not by a clock of the replica that
 * took it. Only triggers of one bus can be compared.
 * @param place a stream's id; null: the replica that took it was an older one, and its time has to do
 */
export function triggerOrder(place: string | null, ts: string): string {
  const [ms, number] = /^(\d+)-(\d+)$/.exec(place ?? '')?.slice(1) ?? [];
  if (ms === undefined || number === undefined) return ts;
  return `${new Date(Number(ms)).toISOString()}-${number.padStart(10, '0')}`;
}
