import type { Socket } from 'node:net';

/** RFC 6455, 5.2: a binary message in one frame, whose length is the greatest that a frame can have. */
const BINARY_AND_LAST = 0x82;
const LENGTH_IN_8_BYTES = 127;
const MASKED = 0x80;
const GREATEST_LENGTH = 2n ** 63n - 1n;
const MASK_BYTES = 4;

/** The head of a message without an end, as the end that was dialled sends it. */
export const ENDLESS = frameHead(false);
/** As the end that dialled sends it: masked, as that end has to, with a mask of zeros, which changes nothing. */
export const ENDLESS_MASKED = frameHead(true);

/**
 * Takes the head of the other end's message off a connection. What comes after it is left to be read.
 * @param more bytes after it that are waited for
 * @throws Error when something else comes, or the connection ends before
 */
export function takeHead(carrier: Socket, head: Buffer, more: number): Promise<void> {
  return new Promise((resolve, reject) => {
    let isHeadTaken = false;
    const settle = (error?: Error): void => {
      carrier.off('readable', look).off('end', gone).off('close', gone);
      if (error) reject(error);
      else resolve();
    };
    const gone = (): void => settle(new Error('The connection ended before the other end began to send.'));
    const look = (): void => {
      if (!isHeadTaken) {
        const found: unknown = carrier.read(head.length);
        if (found === null) return;
        isHeadTaken = Buffer.isBuffer(found) && found.equals(head);
        if (!isHeadTaken) return settle(new Error('The other end sends something else than a message without an end.'));
      }
      if (carrier.readableLength >= more) settle();
      else carrier.read(0);
    };
    carrier.on('readable', look).once('end', gone).once('close', gone);
    look();
  });
}

function frameHead(isMasked: boolean): Buffer {
  const head = Buffer.alloc(10 + (isMasked ? MASK_BYTES : 0));
  head[0] = BINARY_AND_LAST;
  head[1] = LENGTH_IN_8_BYTES | (isMasked ? MASKED : 0);
  head.writeBigUInt64BE(GREATEST_LENGTH, 2);
  return head;
}
