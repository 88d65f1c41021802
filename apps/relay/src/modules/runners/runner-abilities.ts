import { Injectable } from '@nestjs/common';
import { RunnerRepository } from './runner.repository.js';

/** What newer runners can do that older ones cannot. */
@Injectable()
export class RunnerAbilities {
  constructor(private readonly runners: RunnerRepository) {}

  /** The abilities that the runner last announced. Null: it was removed. */
  async of(runnerId: string): Promise<ReadonlySet<string> | null> {
    const runner = await this.runners.find(runnerId);
    return runner && new Set(runner.abilities ?? []);
  }
}
