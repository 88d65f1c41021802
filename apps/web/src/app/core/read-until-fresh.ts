/**
 * Reads again whatever was asked for while it read: what changed meanwhile may be in that answer or not. One reading at a time, so that a thing
 * that keeps changing is shown nevertheless.
 * @param read tells of its failures itself
 * @returns asks for a reading; resolves when nothing newer is wanted
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
