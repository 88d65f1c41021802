import { Service, inject } from '@angular/core';
import { asProblem } from '../../../core/api/api-problem';
import { SigilsApi } from '../../../core/api/sigils-api';
import type { SigilAnswer } from '../../../core/api/sigil-shapes';
import type { Sigil } from './sigil';
import { SigilResolution } from './sigil-resolution';

/** Beyond this many, things that are no longer in sight are forgotten. */
const KEPT = 500;
/** Lookups at the same time; a message may name hundreds of things. */
const MAX_ASKED = 4;

/** What sigils name, each thing asked about once however often it is named. */
@Service()
export class SigilResolutions {
  private readonly api = inject(SigilsApi);
  private readonly known = new Map<string, SigilResolution>();
  private readonly waiting: (() => void)[] = [];
  private asked = 0;

  /** `type`: the declared one, whatever alias was written. */
  of(runnerId: string, type: string, { id, params }: Pick<Sigil, 'id' | 'params'>): SigilResolution {
    const key = JSON.stringify([runnerId, type, id, Object.entries(params).sort()]);
    const resolution =
      this.known.get(key) ??
      new SigilResolution(
        () => this.inTurn(() => this.api.resolve(runnerId, type, id, params)),
        (error) => asProblem(error).message,
      );
    // Taken out first, so that the map's order is by use.
    this.known.delete(key);
    this.known.set(key, resolution);
    if (this.known.size > KEPT) this.forgetOldest();
    return resolution;
  }

  /** The runner or a service is back: what failed is asked for again where it is seen. */
  retryFailed(): void {
    for (const resolution of this.known.values()) resolution.retry();
  }

  private async inTurn(ask: () => Promise<SigilAnswer>): Promise<SigilAnswer> {
    if (this.asked >= MAX_ASKED) await new Promise<void>((resolve) => this.waiting.push(resolve));
    else this.asked += 1;
    try {
      return await ask();
    } finally {
      // The turn is handed on, so that nobody else takes it in between.
      const next = this.waiting.shift();
      if (next) next();
      else this.asked -= 1;
    }
  }

  private forgetOldest(): void {
    for (const [key, resolution] of this.known) {
      if (this.known.size <= KEPT) return;
      if (resolution.isIdle) this.known.delete(key);
    }
  }
}
