const STORAGE_KEY = 'pizzapi.tunnel-entries';
/** A tab that comes back this often within this time was let in and turned away each time. */
const MAX_ENTRIES = 3;
const WITHIN_MS = 15_000;

/**
 * Notes that this tab enters the tunnel. False if it has just done so again and again, because the browser refuses the tunnel's cookie
 * or because its page leads out again: going on would never end.
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
