import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { ModelInfo } from '@pizzapi/protocol';
import { RequestRefusedError } from '../../relay-link/answering.js';

/** The files in pi's folder that decide which models it lists. */
const READ = ['auth.json', 'models.json', 'models-store.json', 'settings.json'];
/** An older list is still the answer, but is refreshed behind it: logins expire, and keys may come from commands. */
const RENEW_AFTER_MS = 60_000;

interface Listed {
  readonly stamp: string;
  askedAt: number;
  readonly models: Promise<ModelInfo[]>;
}

export interface KnownModelsOptions {
  /** pi's own folder. */
  readonly agentDir: string;
  readonly read: () => Promise<ModelInfo[]>;
  /** A list could not be renewed; the one before it goes on. */
  readonly onStale: (error: unknown) => void;
  readonly now?: () => number;
}

/**
 * Caches pi's list of models. pi takes seconds to make one, half a minute on a busy machine, whereas it takes no time to see whether its
 * files have changed. So only the first caller waits, and the first one after a change.
 */
export class KnownModels {
  private last: Listed | undefined;
  private readonly now: () => number;

  constructor(private readonly options: KnownModelsOptions) {
    this.now = options.now ?? Date.now;
  }

  async list(): Promise<ModelInfo[]> {
    // Taken before pi reads, so that the next caller notices what is changed meanwhile.
    const stamp = await this.stamp();
    const last = this.last;
    if (last?.stamp !== stamp) return this.ask(stamp).models;
    if (this.now() - last.askedAt > RENEW_AFTER_MS) void this.renew(last);
    return last.models;
  }

  private ask(stamp: string): Listed {
    const listed = { stamp, askedAt: this.now(), models: this.options.read() };
    this.last = listed;
    // The caller hears of the failure; the next one tries again.
    listed.models.catch(() => this.forget(listed));
    return listed;
  }

  private async renew(last: Listed): Promise<void> {
    last.askedAt = this.now();
    try {
      const models = await this.options.read();
      if (this.last === last) this.last = { ...last, models: Promise.resolve(models) };
    } catch (error) {
      // pi objects to its settings: the next caller must hear of that rather than get the old list.
      if (error instanceof RequestRefusedError) this.forget(last);
      else this.options.onStale(error);
    }
  }

  private forget(listed: Listed): void {
    if (this.last === listed) this.last = undefined;
  }

  private async stamp(): Promise<string> {
    return (await Promise.all(READ.map((name) => fileStamp(join(this.options.agentDir, name))))).join();
  }
}

async function fileStamp(path: string): Promise<string> {
  try {
    const { ino, size, mtimeNs, ctimeNs } = await stat(path, { bigint: true });
    return [ino, size, mtimeNs, ctimeNs].join(':');
  } catch {
    // Missing or unreadable: pi will say so itself.
    return '';
  }
}
