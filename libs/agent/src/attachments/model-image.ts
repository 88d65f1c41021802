import { readFile } from 'node:fs/promises';
import type { ImageContent } from '@earendil-works/pi-ai';
import { type AgentSession, resizeImage } from '@earendil-works/pi-coding-agent';

/** What providers take of one image as base64, at most; pi's own limit for what it resizes. */
const MAX_BASE64 = 4.5 * 1024 * 1024;

/**
 * An image as a model takes it, made smaller where it has to be; null when that cannot be done. One that cannot be read here must not go to a
 * provider either: it would refuse this message, and with it in the conversation every later one.
 */
export async function modelImage(path: string, mimeType: string, session: AgentSession): Promise<ImageContent | null> {
  const bytes = await readFile(path);
  const resized = await resizeImage(bytes, mimeType, session.model?.inputLimits?.images?.resize);
  if (!resized) return null;
  if (session.settingsManager.getImageAutoResize())
    return { type: 'image', data: resized.data, mimeType: resized.mimeType };
  const data = bytes.toString('base64');
  return data.length > MAX_BASE64 ? null : { type: 'image', data, mimeType };
}
