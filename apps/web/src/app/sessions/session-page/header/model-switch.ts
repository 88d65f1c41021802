import { Component, computed, effect, input, output, signal, untracked } from '@angular/core';
import { LucideCheck, LucideCpu } from '@lucide/angular';
import type { ModelInfo, ModelRef } from '@pizzapi/protocol';
import { asProblem } from '../../../core/api/api-problem';
import { Menu, MenuItem, MenuTrigger } from '../../../ui/menu';
import { compactNumber } from '../conversation/number-words';

/** The session's model; opens the list of those that its runner offers. */
@Component({
  selector: 'pz-model-switch',
  imports: [LucideCheck, LucideCpu, Menu, MenuItem, MenuTrigger],
  template: `
    <button
      type="button"
      class="pill"
      [pzMenuTrigger]="list"
      [disabled]="isDisabled()"
      [title]="title()"
      (opened)="fetch()"
    >
      <svg lucideCpu></svg><span class="ell">{{ shown() }}</span>
    </button>
    <ng-template #list>
      <pz-menu label="Model">
        @for (offered of models(); track offered.provider + offered.id) {
          <button pzMenuItem (chosen)="chosen.emit({ provider: offered.provider, id: offered.id })">
            <svg lucideCheck [style.visibility]="isCurrent(offered) ? 'visible' : 'hidden'"></svg>
            <span class="offer">
              <span class="name">{{ offered.name }}</span>
              <span class="faint">{{ offered.provider }} · {{ compact(offered.contextWindow) }}</span>
            </span>
          </button>
        } @empty {
          @if (problem(); as cause) {
            <p role="alert">{{ cause }} <span class="faint">Opening this list asks once more.</span></p>
          } @else {
            <p class="muted">Asking the runner…</p>
          }
        }
      </pz-menu>
    </ng-template>
  `,
  styles: `
    :host {
      min-width: 0;
    }
    .pill {
      display: inline-flex;
      align-items: center;
      gap: 5px;
      max-width: 220px;
      padding: 0 9px;
      border: 1px solid var(--border);
      border-radius: 99px;
      background: none;
      color: var(--muted);
      font-size: 0.71875rem;
      line-height: 1.375rem;
    }
    .pill:not(:disabled):hover {
      background: var(--hover);
      color: var(--text);
    }
    .pill:disabled {
      cursor: default;
    }
    /* On one line where there is room, otherwise one below the other. */
    .offer {
      display: flex;
      flex: 1;
      flex-wrap: wrap;
      gap: 0 12px;
      min-width: 0;
      overflow-wrap: anywhere;
    }
    .name {
      flex: 1 1 auto;
      max-width: 100%;
    }
    p {
      padding: 8px 10px;
      max-width: 280px;
    }
  `,
})
export class ModelSwitch {
  readonly model = input.required<ModelRef | null>();
  /** The runner's name for it; null while unknown. */
  readonly name = input.required<string | null>();
  readonly load = input.required<() => Promise<readonly ModelInfo[]>>();
  readonly isDisabled = input(false);
  readonly chosen = output<ModelRef>();
  protected readonly models = signal<readonly ModelInfo[]>([]);
  protected readonly problem = signal<string | null>(null);
  protected readonly shown = computed(() => {
    const model = this.model();
    if (model === null) return 'no model yet';
    return this.name() ?? model.id;
  });
  protected readonly title = computed(() => {
    const model = this.model();
    return model === null ? 'Model' : `${model.provider} / ${model.id}`;
  });
  protected readonly compact = compactNumber;

  constructor() {
    // The session knows only its model's id; the name, which says that Demo is no LLM, comes from the runner.
    effect(() => {
      if (this.model() === null || this.name() !== null || this.isDisabled()) return;
      untracked(() => void this.fetch());
    });
  }

  protected isCurrent(offered: ModelInfo): boolean {
    const model = this.model();
    return offered.id === model?.id && offered.provider === model.provider;
  }

  protected async fetch(): Promise<void> {
    this.problem.set(null);
    try {
      this.models.set(await this.load()());
    } catch (error) {
      this.problem.set(asProblem(error).message);
    }
  }
}
