import { mkdirSync } from 'node:fs';
import { readdir, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { Injectable } from '@nestjs/common';
import { RelayConfig } from '../../config/config.js';

/** Longer than any upload takes. */
const STALE_MS = 6 * 3_600_000;

/** The folder for uploads in progress on this replica, before they are moved into the database. */
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

  /** Removes files that a crash left behind. */
  async removeStale(): Promise<void> {
    for (const name of await readdir(this.path)) {
      const path = join(this.path, name);
      const found = await stat(path).catch(() => null); // moved into the database in the meantime
      if (found && Date.now() - found.mtimeMs > STALE_MS) await this.remove(path);
    }
  }
}
