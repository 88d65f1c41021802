import { Injectable } from '@nestjs/common';
import type { TriggerDef } from '@pizzapi/protocol';

/** Knows which declared trigger types can be used. */
export interface JudgesTriggerDefs {
  /** The same types; those that cannot be used with the reason. */
  judged(defs: readonly TriggerDef[]): Promise<TriggerDef[]>;
}

/** Where the module of triggers registers itself. It imports this module, so this one cannot import it. */
@Injectable()
export class TriggerDefJudge {
  private judge: JudgesTriggerDefs | null = null;

  register(judge: JudgesTriggerDefs): void {
    this.judge = judge;
  }

  get port(): JudgesTriggerDefs {
    if (!this.judge) throw new Error('No module has registered itself as the judge of declared trigger types.');
    return this.judge;
  }
}
