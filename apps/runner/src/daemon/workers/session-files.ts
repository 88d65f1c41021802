import { glob, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { Injectable } from '@nestjs/common';
import type { RunnerConfig } from '../../config/runner-config.js';
import { InjectConfig } from '../settings/settings.module.js';
import { removeOutcome } from '../../worker-state/worker-outcome.file.js';
import { WorkerLogs } from './worker-logs.js';

/** Removes what a session left on disk. */
@Injectable()
export class SessionFiles {
  constructor(
    @InjectConfig() private readonly config: RunnerConfig,
    private readonly logs: WorkerLogs,
  ) {}

  /** The session's conversation (by its id, in whichever of pi's folders it lies), the files of its messages, its log and its outcome. */
  async remove(sessionId: string): Promise<void> {
    const { sessionDir, attachmentsDir, workerStateDir } = this.config.layout;
    // Found by name and not through libs/agent, which would load pi into the daemon. The star takes the lock files along.
    for await (const name of glob(`*/*_${sessionId}.jsonl*`, { cwd: sessionDir }))
      await rm(join(sessionDir, name), { force: true });
    await rm(join(attachmentsDir, sessionId), { recursive: true, force: true });
    this.logs.remove(sessionId);
    removeOutcome(workerStateDir, sessionId);
  }
}
