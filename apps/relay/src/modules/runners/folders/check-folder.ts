import { Injectable } from '@nestjs/common';
import { outsideRootsText, ProblemCode } from '@pizzapi/protocol';
import { ProblemError } from '../../../platform/http/problem.error.js';
import { AskRunner } from '../connection/ask-runner.js';
import type { RunnerEntity } from '../runner.entity.js';
import { isInsideByName } from './inside-by-name.js';

/** Refuses a folder that the runner would refuse, before anything is kept that could only fail. */
@Injectable()
export class CheckFolder {
  constructor(private readonly askRunner: AskRunner) {}

  /**
   * By the roots that the runner has announced, which are real paths. A link from elsewhere may lead into them, so the
   * runner itself is asked about what is outside by its name; while it is away, the name counts.
   * @throws ProblemError `folder_outside_roots`, and as the runner says `folder_missing`
   */
  async run({ runnerId, roots }: Pick<RunnerEntity, 'runnerId' | 'roots'>, path: string): Promise<void> {
    const isAbsolute = path.startsWith('/');
    if (isAbsolute && isInsideByName(path, roots)) return;
    const refusal = new ProblemError(422, ProblemCode.folderOutsideRoots, outsideRootsText(path, roots));
    if (!isAbsolute) throw refusal;
    try {
      await this.askRunner.folders(runnerId, path);
    } catch (error) {
      throw error instanceof ProblemError && error.code === ProblemCode.runnerOffline ? refusal : error;
    }
  }
}
