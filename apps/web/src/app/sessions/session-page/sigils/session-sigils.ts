import { Injectable, computed, effect, inject, untracked } from '@angular/core';
import { Markdown, type SigilKinds } from '../markdown/render-markdown';
import { SessionServices } from '../services/session-services';
import { SigilChip } from './sigil-chip';
import { SigilResolutions } from './sigil-resolutions';
import { vocabularyOf } from './sigil-vocabulary';

/** How the texts of one session are rendered: its runner's services teach sigils. */
@Injectable()
export class SessionSigils {
  private readonly services = inject(SessionServices);
  private readonly resolutions = inject(SigilResolutions);
  /** As text, so that news of services that change no definition cause no new rendering. */
  private readonly definitions = computed(() => {
    const vocabulary = vocabularyOf(this.services.sigilDefs(), this.services.services());
    return JSON.stringify([this.services.runnerId(), ...vocabulary]);
  });
  readonly markdown = computed(() => {
    this.definitions();
    return untracked(() => this.renderer());
  });

  constructor() {
    effect(() => {
      // A runner or a service is back: failed lookups may succeed now.
      if (this.services.isOnline() && this.services.panels().length > 0) this.resolutions.retryFailed();
    });
  }

  private renderer(): Markdown {
    const runnerId = this.services.runnerId();
    const vocabulary = vocabularyOf(this.services.sigilDefs(), this.services.services());
    const kinds: SigilKinds = {
      has: (type) => vocabulary.has(type),
      chip: (sigil) => {
        const known = vocabulary.get(sigil.type);
        if (known === undefined) return null;
        const canAsk = known.isResolvable && runnerId !== '' && !isDotSegment(sigil.id);
        return SigilChip.of(sigil, known, canAsk ? this.resolutions.of(runnerId, known.type, sigil) : null);
      },
    };
    return new Markdown(vocabulary.size > 0 ? kinds : null);
  }
}

/** In an address these mean another folder, in whichever spelling. */
function isDotSegment(id: string): boolean {
  return id === '.' || id === '..';
}
