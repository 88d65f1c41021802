import { type BeforeApplicationShutdown, Injectable, type OnApplicationBootstrap } from '@nestjs/common';
import { PinoLogger } from 'nestjs-pino';
import { Sweep } from '../../platform/queues/sweep.js';
import { AttachmentRepository } from './attachment.repository.js';
import { UploadFolder } from './upload-folder.js';

const EVERY_MS = 15 * 60_000;
const FIRST_AFTER_MS = 30_000;
/** How long an unsent file is kept. */
const KEPT_MS = 24 * 3_600_000;

/** Removes files that were never sent, and remains of uploads that a crash interrupted. */
@Injectable()
export class RemoveUnsent implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly sweep: Sweep;

  constructor(attachments: AttachmentRepository, folder: UploadFolder, logger: PinoLogger) {
    const options = {
      description: 'Removing attachments that were never sent',
      everyMs: EVERY_MS,
      firstAfterMs: FIRST_AFTER_MS,
    };
    const work = async (): Promise<void> => {
      await folder.removeStale();
      await attachments.deleteUnsentBefore(new Date(Date.now() - KEPT_MS));
    };
    this.sweep = new Sweep(work, options, logger);
  }

  onApplicationBootstrap(): void {
    this.sweep.start();
  }

  beforeApplicationShutdown(): Promise<void> {
    return this.sweep.stop();
  }
}
