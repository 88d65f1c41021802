const STORAGE_KEY = 'pizzapi.tunnel-entries';
/** Who comes back this often within this time was let in and turned away again. */
const MAX_ENTRIES = 3;
const WITHIN_MS = 15_000;

/**
 * Notes that this tab goes into the tunnel. False: it did so again and again just now, because the browser keeps no cookie of the tunnel
 * or because its page leads out; going on would never end.
 */
export function noteEntry(label: string, now = Date.now()): boolean {
  const recent = readEntries(label).filter((at) => now - at < WITHIN_MS && at <= now);
  if (recent.length >= MAX_ENTRIES) {
    sessionStorage.removeItem(STORAGE_KEY);
    return false;
  }
  sessionStorage.setItem(STORAGE_KEY, [label, ...recent, now].join(' '));
  return true;
}

function readEntries(label: string): number[] {
  const [stored, ...times] = (sessionStorage.getItem(STORAGE_KEY) ?? '').split(' ');
  return stored === label ? times.map(Number).filter(Number.isFinite) : [];
}
