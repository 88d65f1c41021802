/** A longer timer would overflow and fire immediately. */
const MAX_TIMER_MS = 2 ** 31 - 1;

/** Calls `act` when a credential expires. @returns a function that cancels it */
export function whenExpired(expiresAt: Date | null, act: () => void): () => void {
  if (!expiresAt) return () => undefined;
  let timer: NodeJS.Timeout | undefined;
  const wait = (): void => {
    const remainingMs = expiresAt.getTime() - Date.now();
    timer = setTimeout(() => (remainingMs > MAX_TIMER_MS ? wait() : act()), Math.min(remainingMs, MAX_TIMER_MS));
  };
  wait();
  return () => clearTimeout(timer);
}
