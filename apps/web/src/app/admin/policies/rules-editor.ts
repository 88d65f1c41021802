import { Component, input, model } from '@angular/core';
import { LucideX } from '@lucide/angular';
import type { ApprovalAction } from '@pizzapi/protocol';
import { IconButton } from '../../ui/icon-button';
import { RowFieldset } from '../../ui/row-fieldset';
import { NEW_RULE, type RuleRow } from './policy-draft';

const ACTIONS: readonly { value: ApprovalAction; words: string }[] = [
  { value: 'ask', words: 'ask a person' },
  { value: 'deny', words: 'deny' },
  { value: 'allow', words: 'allow' },
];

/** Which calls of which tools are asked about or refused, row by row. */
@Component({
  selector: 'pz-rules-editor',
  imports: [IconButton, LucideX, RowFieldset],
  template: `
    <pz-row-fieldset
      legend="Rules"
      add="Add a rule"
      [hint]="
        rules().length > 0
          ? 'Such as “git push *” for bash or “~/secrets/*” for files. * stands for any characters.'
          : ''
      "
      (added)="add()"
    >
      @for (row of rules(); track $index) {
        <div class="row">
          <input
            #tool
            class="pz-input mono"
            aria-label="Tool"
            placeholder="tool"
            autocomplete="off"
            spellcheck="false"
            [value]="row.tool"
            (input)="set($index, { tool: tool.value })"
          />
          <input
            #pattern
            class="pz-input mono pattern"
            aria-label="Pattern of its arguments"
            placeholder="every call"
            autocomplete="off"
            spellcheck="false"
            [value]="row.pattern"
            (input)="set($index, { pattern: pattern.value })"
          />
          <select
            #action
            class="pz-input"
            aria-label="What happens to the call"
            (change)="setAction($index, action.value)"
          >
            @for (each of actions; track each.value) {
              <option [value]="each.value" [selected]="each.value === row.action">{{ each.words }}</option>
            }
          </select>
          <button pzIconButton type="button" label="Remove this rule" (click)="remove($index)">
            <svg lucideX></svg>
          </button>
        </div>
      } @empty {
        <p class="faint">The organisation has no rules yet. People and projects may have their own.</p>
      }
      @if (error(); as words) {
        <p class="bad" role="alert">{{ words }}</p>
      }
    </pz-row-fieldset>
  `,
  styleUrl: './rules-editor.css',
})
export class RulesEditor {
  readonly rules = model.required<readonly RuleRow[]>();
  readonly error = input<string>();
  protected readonly actions = ACTIONS;

  protected add(): void {
    this.rules.update((rules) => [...rules, NEW_RULE]);
  }

  protected set(index: number, change: Partial<RuleRow>): void {
    this.rules.update((rules) => rules.map((row, at) => (at === index ? { ...row, ...change } : row)));
  }

  protected setAction(index: number, value: string): void {
    const chosen = ACTIONS.find((each) => each.value === value);
    if (chosen) this.set(index, { action: chosen.value });
  }

  protected remove(index: number): void {
    this.rules.update((rules) => rules.filter((_, at) => at !== index));
  }
}
