import { Component, computed, inject, input, output } from '@angular/core';
import { LucidePencil, LucideTrash2, LucideTriangleAlert } from '@lucide/angular';
import type { ListenerView } from '@pizzapi/protocol';
import { folderText } from '../../sessions/session-state';
import { criteriaWords } from '../../triggers/criteria/criteria-words';
import { FactLine } from '../../ui/fact-line';
import { IconButton } from '../../ui/icon-button';
import { Switch } from '../../ui/switch';
import { RunnerModels } from '../runner-models';
import { MISSED_RUNS } from './listener-draft';
import { waitWords } from '../../ui/wait-duration';

/** One listener: what it listens for, what it starts, and whether it is enabled. */
@Component({
  selector: 'pz-listener-card',
  imports: [FactLine, IconButton, LucidePencil, LucideTrash2, LucideTriangleAlert, Switch],
  template: `
    @let it = listener();
    <div class="head">
      <pz-switch [label]="'Listener for ' + it.triggerType" [isOn]="it.enabled" (toggled)="switched.emit($event)" />
      <div class="what" [class.off]="!it.enabled">
        <b class="mono">{{ it.triggerType }}</b>
        <span class="muted">{{ wanted() || 'every trigger of this type' }}</span>
      </div>
      <button
        pzIconButton
        type="button"
        [label]="'Edit the listener for ' + it.triggerType"
        hint="Edit"
        (click)="edited.emit()"
      >
        <svg lucidePencil></svg>
      </button>
      <button
        pzIconButton
        type="button"
        [label]="'Delete the listener for ' + it.triggerType"
        hint="Delete"
        (click)="removed.emit()"
      >
        <svg lucideTrash2></svg>
      </button>
    </div>
    <div class="body" [class.off]="!it.enabled">
      @if (it.disabledReason) {
        <p class="reason"><svg lucideTriangleAlert></svg>Disabled by the relay: {{ it.disabledReason }}</p>
      }
      @if (it.prompt) {
        <p class="prompt">{{ it.prompt }}</p>
      }
      <pz-fact-line [facts]="facts()" />
    </div>
  `,
  styleUrl: './listener-card.css',
})
export class ListenerCard {
  readonly listener = input.required<ListenerView>();
  readonly started = input<{ all: number; open: number }>();
  /** There may be older sessions of it as well. */
  readonly hasOlder = input(false);
  readonly switched = output<boolean>();
  readonly edited = output();
  readonly removed = output();
  private readonly models = inject(RunnerModels);

  protected readonly wanted = computed(() => criteriaWords(this.listener()));
  protected readonly facts = computed(() => {
    const { runnerId, cwd, model, maxConcurrent, maxWaitMs, missedRuns } = this.listener();
    const { all, open } = this.started() ?? { all: 0, open: 0 };
    const missed = MISSED_RUNS.find(({ value }) => value === missedRuns)?.words ?? missedRuns;
    return [
      sessionsWords(all, open, this.hasOlder()),
      `in ${cwd === null ? 'the first root' : folderText(cwd)}`,
      model === null ? 'the runner’s default model' : (this.models.nameOf(runnerId, model) ?? model.id),
      maxConcurrent === null ? 'any number at once' : `at most ${maxConcurrent} at once`,
      `waits up to ${waitWords(maxWaitMs)} for the runner`,
      ...(missedRuns === 'all' ? [] : [`missed ones: ${missed}`]),
    ];
  });
}

function sessionsWords(all: number, open: number, hasOlder: boolean): string {
  if (all === 0) return hasOlder ? 'none of the latest sessions' : 'no session yet';
  const sessions = all === 1 && !hasOlder ? 'session' : 'sessions';
  return `${all}${hasOlder ? ' or more' : ''} ${sessions}${open > 0 ? `, ${open} open` : ''}`;
}
