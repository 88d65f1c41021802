/** Smaller pieces are joined, so that many small frames travel as one message; a larger one is sent as it is, uncopied. */
export const JOINED_BYTES = 8 * 1024;

/** The messages in which a row of chunks travels. Their bytes in order are the chunks' bytes; bounds mean nothing. */
export function* inMessages(chunks: readonly Buffer[]): Generator<Buffer> {
  let joined: Buffer[] = [];
  let bytes = 0;
  for (const chunk of chunks) {
    if (bytes + chunk.length > JOINED_BYTES) {
      if (bytes > 0) yield join(joined, bytes);
      joined = [];
      bytes = 0;
    }
    if (chunk.length > JOINED_BYTES) yield chunk;
    else {
      joined.push(chunk);
      bytes += chunk.length;
    }
  }
  if (bytes > 0) yield join(joined, bytes);
}

function join(chunks: readonly Buffer[], bytes: number): Buffer {
  const [first] = chunks;
  return chunks.length === 1 && first ? first : Buffer.concat(chunks, bytes);
}
