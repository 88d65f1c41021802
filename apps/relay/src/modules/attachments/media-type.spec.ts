import { describe, expect, it } from 'vitest';
import { mediaTypeOf } from './media-type.js';

const ofBytes = (bytes: string, declared = ''): object => mediaTypeOf(Buffer.from(bytes, 'latin1'), declared);

describe('the media type of a file', () => {
  it.each([
    ['\x89PNG\r\n\x1a\n\0\0\0\rIHDR', 'image/png'],
    ['\xff\xd8\xff\xe0\0\x10JFIF', 'image/jpeg'],
    ['GIF89a', 'image/gif'],
    ['RIFF\x24\0\0\0WEBPVP8 ', 'image/webp'],
  ])('%j is an image, whatever it is called', (bytes, mediaType) =>
    expect(ofBytes(bytes, 'text/html')).toEqual({ mediaType, isImage: true }),
  );

  it.each([
    ['<svg xmlns="…">', 'image/svg+xml', 'image/svg+xml'],
    ['<script>', 'image/png', 'application/octet-stream'],
    ['hello', 'text/plain; charset=utf-8', 'text/plain'],
    ['hello', 'text/plain\r\nset-cookie: a=b', 'application/octet-stream'],
    ['', '', 'application/octet-stream'],
  ])('%j, declared as %j, is none', (bytes, declared, mediaType) =>
    expect(ofBytes(bytes, declared)).toEqual({ mediaType, isImage: false }),
  );
});
