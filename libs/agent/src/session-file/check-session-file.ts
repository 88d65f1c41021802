import { createReadStream } from 'node:fs';
import { truncate } from 'node:fs/promises';
import { SessionFileCorruptError } from '../errors/agent-error.js';

/**
 * Reads a session's file line by line before pi opens it, because pi skips what it cannot read and would go on with a
 * silently shortened conversation.
 *
 * A last line without its end is what a kill in mid-write leaves. It was never reported as stored, so it is cut off;
 * left to pi it would be closed with a newline and look like damage the next time.
 *
 * @throws SessionFileCorruptError naming the line, for anything else that is not pi's format.
 */
export async function checkSessionFile(file: string, sessionId: string): Promise<void> {
  let line = 0;
  let completeBytes = 0;
  let rest: Buffer = Buffer.alloc(0);
  for await (const chunk of createReadStream(file, { highWaterMark: 256 * 1024 })) {
    if (!Buffer.isBuffer(chunk)) continue;
    rest = rest.length === 0 ? chunk : Buffer.concat([rest, chunk]);
    let start = 0;
    for (let end = rest.indexOf(10, start); end !== -1; end = rest.indexOf(10, start)) {
      line += 1;
      checkLine(file, line, sessionId, rest.toString('utf8', start, end));
      start = end + 1;
    }
    completeBytes += start;
    rest = rest.subarray(start);
  }
  if (rest.length > 0 && !isJson(rest.toString('utf8'))) {
    if (line === 0) throw new SessionFileCorruptError(file, 1, 'it has no complete header');
    await truncate(file, completeBytes);
  }
}

function checkLine(file: string, line: number, sessionId: string, text: string): void {
  if (text.trim() === '') return;
  const entry = parse(text);
  if (typeof entry !== 'object' || entry === null || !('type' in entry) || typeof entry.type !== 'string') {
    throw new SessionFileCorruptError(file, line, 'it is not an entry of a session');
  }
  if (line > 1) {
    if (entry.type !== 'session' && 'id' in entry && typeof entry.id === 'string') return;
    throw new SessionFileCorruptError(file, line, 'the entry has no id');
  }
  if (entry.type !== 'session') throw new SessionFileCorruptError(file, 1, 'the header is missing');
  if (!('id' in entry) || entry.id !== sessionId) {
    throw new SessionFileCorruptError(file, 1, `the header is not that of session ${sessionId}`);
  }
}

function isJson(text: string): boolean {
  return parse(text) !== undefined;
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
