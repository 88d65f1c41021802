import type { Attachment } from '@pizzapi/protocol';

/**
 * How a file that anybody may have made is given to a browser: images by the type that their bytes have, everything else to be saved
 * and as nothing that a browser would run. Should it be opened all the same, it has no scripts, no origin and no network.
 */
export function attachmentHeaders({
  attachmentId,
  name,
  mediaType,
  size,
  isImage,
}: Attachment): Record<string, string> {
  return {
    'content-type': isImage ? mediaType : 'application/octet-stream',
    'content-length': String(size),
    'content-disposition': `${isImage ? 'inline' : 'attachment'}; ${fileName(name)}`,
    'content-security-policy': "default-src 'none'; sandbox",
    'cross-origin-resource-policy': 'same-origin',
    'x-content-type-options': 'nosniff',
    // Asked for again each time, because who may see it may change; its bytes do not.
    'cache-control': 'private, no-cache',
    etag: `"${attachmentId}"`,
  };
}

/** Of an image's small version. */
export function thumbnailHeaders(
  attachment: Attachment,
  { mediaType, bytes }: { mediaType: string; bytes: Buffer },
): Record<string, string> {
  return {
    ...attachmentHeaders({ ...attachment, mediaType, size: bytes.length, isImage: true }),
    etag: `"${attachment.attachmentId}-small"`,
  };
}

/** RFC 6266: plain for old programs, and as it is. */
function fileName(name: string): string {
  const plain = name.replaceAll(/[^ -~]|["\\%]/g, '_');
  const exact = encodeURIComponent(name.toWellFormed()).replaceAll(
    /['()*]/g,
    (letter) => `%${letter.charCodeAt(0).toString(16).toUpperCase()}`,
  );
  return `filename="${plain}"; filename*=UTF-8''${exact}`;
}
