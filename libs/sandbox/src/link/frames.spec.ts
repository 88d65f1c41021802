import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { BrokenFrameError, encodeFrame, type Frame, FrameReader, FrameTooLongError, MAX_BODY_BYTES } from './frames.js';

function readAll(bytes: Buffer, cuts: readonly number[] = []): Frame[] {
  const reader = new FrameReader();
  const ends = [...cuts.map((cut) => cut % (bytes.length + 1)), bytes.length].sort((a, b) => a - b);
  return ends.flatMap((end, index) => [...reader.push(bytes.subarray(ends[index - 1] ?? 0, end))]);
}

describe('frames', () => {
  it('come out as they went in, wherever the stream is cut', () =>
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.dictionary(fc.string(), fc.string()), fc.uint8Array({ maxLength: 300 })), {
          maxLength: 5,
        }),
        fc.array(fc.nat(), { maxLength: 8 }),
        (sent, cuts) => {
          const bytes = Buffer.concat(sent.map(([header, body]) => encodeFrame(header, body)));
          const got = readAll(bytes, cuts).map(({ header, body }) => [header, [...body]]);
          expect(got).toEqual(sent.map(([header, body]) => [{ ...header }, [...body]]));
        },
      ),
    ));

  it.each([
    ['too long a body', [2, MAX_BODY_BYTES + 1]],
    ['too long a header', [0xffffffff, 0]],
  ])('are refused at once: %s', (_what, lengths) => {
    const prefix = Buffer.alloc(8);
    lengths.forEach((length, index) => prefix.writeUInt32BE(length, index * 4));
    expect(() => readAll(prefix)).toThrow(BrokenFrameError);
  });

  it.each([
    ['a header', [{ command: 'x'.repeat(1024 * 1024) }]],
    ['a body', [{}, Buffer.alloc(MAX_BODY_BYTES + 1)]],
  ] as const)('are not even made of %s that the other side would refuse', (_what, parts) => {
    const [header, body] = parts;
    expect(() => encodeFrame(header, body)).toThrow(FrameTooLongError);
  });

  it('are refused when the header is no JSON', () => {
    const frame = encodeFrame({});
    frame.write('no', 8);
    expect(() => readAll(frame)).toThrow('a header is no JSON');
  });
});
