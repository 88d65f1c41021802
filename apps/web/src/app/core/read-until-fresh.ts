/**
 * Runs one read at a time, and reads again if asked to while reading: that answer may predate the change. A thing that
 * keeps changing is still shown between reads.
 * @param read must handle its own failures
 * @returns a function that requests a read; resolves once no newer one is wanted
 */
export function readUntilFresh(read: () => Promise<void>): () => Promise<void> {
  let isStale = false;
  let reading: Promise<void> | null = null;
  const all = async (): Promise<void> => {
    try {
      while (isStale) {
        isStale = false;
        await read();
      }
    } finally {
      reading = null;
    }
  };
  return () => {
    isStale = true;
    return (reading ??= all());
  };
}
