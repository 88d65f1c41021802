import { ProblemCode } from '@pizzapi/protocol';
import type { RelayConfig } from '../../config/config.js';
import { ProblemError } from '../../platform/http/problem.error.js';

const RETRY_AFTER_S = 5;

/** Limits the number of concurrent uploads to this replica, and so the disk space that they use. */
export class UploadSlots {
  private readonly running = new Map<string, number>();
  private total = 0;

  constructor(private readonly config: Pick<RelayConfig, 'uploadsAtOnce' | 'uploadsAtOncePerUser'>) {}

  /** @returns a function that releases the slot; further calls do nothing. @throws ProblemError 429, 503 */
  take(userId: string): () => void {
    const { uploadsAtOnce, uploadsAtOncePerUser } = this.config;
    const own = this.running.get(userId) ?? 0;
    const wait = { retryAfterS: RETRY_AFTER_S };
    if (own >= uploadsAtOncePerUser)
      throw new ProblemError(
        429,
        ProblemCode.tooManyUploads,
        `You are uploading ${own} files already, as many as one person may at once (PIZZAPI_MAX_UPLOADS_PER_USER). Try again when one is through.`,
        wait,
      );
    if (this.total >= uploadsAtOnce)
      throw new ProblemError(
        503,
        ProblemCode.tooManyUploads,
        `The relay takes ${uploadsAtOnce} files at once (PIZZAPI_MAX_UPLOADS). Try again in a moment.`,
        wait,
      );
    this.total += 1;
    this.running.set(userId, own + 1);
    let isTaken = true;
    return () => {
      if (!isTaken) return;
      isTaken = false;
      this.total -= 1;
      const left = (this.running.get(userId) ?? 1) - 1;
      if (left > 0) this.running.set(userId, left);
      else this.running.delete(userId);
    };
  }
}
