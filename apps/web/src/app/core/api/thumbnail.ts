/** Of the longer side: enough for what a conversation shows of an image, on a fine screen. */
const MAX_PX = 480;
/** What is not larger is its own small version. */
const WORTH_BYTES = 160 * 1024;
/** A GIF may move. */
const SHRUNK = /^image\/(png|jpeg|webp)$/;

interface Size {
  readonly width: number;
  readonly height: number;
}

export function thumbnailSize({ width, height }: Size): Size {
  const share = Math.min(1, MAX_PX / Math.max(width, height));
  return { width: Math.max(1, Math.round(width * share)), height: Math.max(1, Math.round(height * share)) };
}

/** A small version of an image; null where none is needed, or this browser makes none. @throws what the browser says of a broken image */
export async function thumbnailOf(file: File): Promise<Blob | null> {
  if (file.size <= WORTH_BYTES || !SHRUNK.test(file.type)) return null;
  const image = await createImageBitmap(file);
  try {
    const { width, height } = thumbnailSize(image);
    const canvas = new OffscreenCanvas(width, height);
    const context = canvas.getContext('2d');
    if (context === null) return null;
    context.imageSmoothingQuality = 'high';
    context.drawImage(image, 0, 0, width, height);
    return await canvas.convertToBlob({ type: 'image/webp', quality: 0.8 });
  } finally {
    image.close();
  }
}
