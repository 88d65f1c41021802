import { mkdirSync } from 'node:fs';
import { readdir, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { Injectable } from '@nestjs/common';
import { RelayConfig } from '../../config/config.js';

/** No upload takes longer. */
const STALE_MS = 6 * 3_600_000;

/** Where this replica puts what it is just being sent, before it goes into the database whole. */
@Injectable()
export class UploadFolder {
  readonly path: string;

  constructor({ dataDir }: RelayConfig) {
    this.path = join(dataDir, 'uploads');
    mkdirSync(this.path, { recursive: true, mode: 0o700 });
  }

  async remove(path: string): Promise<void> {
    await rm(path, { force: true });
  }

  /** What a crash left behind. */
  async removeStale(): Promise<void> {
    for (const name of await readdir(this.path)) {
      const path = join(this.path, name);
      const found = await stat(path).catch(() => null); // one that was taken in meanwhile
      if (found && Date.now() - found.mtimeMs > STALE_MS) await this.remove(path);
    }
  }
}
