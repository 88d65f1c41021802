import { Component, inject } from '@angular/core';
import { Button } from '../../../ui/button';
import { SessionBranches } from './session-branches';

/** Says that the conversation went back to an earlier entry, and offers the ways forward. */
@Component({
  selector: 'pz-went-back',
  imports: [Button],
  template: `
    @if (branches.problem(); as problem) {
      <div class="problem" role="alert">{{ problem }}</div>
    }
    @if (branches.ahead(); as ahead) {
      @if (branches.isChangeable()) {
        <div class="ahead" role="status">
          <span>You went back. What you send begins a new branch.</span>
          @for (branch of ahead.branches; track branch.entryId) {
            <button pzButton type="button" (click)="branches.change(branch.entryId, 'end')">
              <span class="ell">Return to “{{ branch.text || 'where it went on' }}”</span>
            </button>
          }
        </div>
      }
    }
  `,
  styles: `
    .ahead,
    .problem {
      margin-bottom: 8px;
      padding: 7px 12px;
      border: 1px dashed var(--border);
      border-radius: var(--radius);
      color: var(--muted);
    }
    .ahead {
      display: flex;
      flex-wrap: wrap;
      align-items: center;
      gap: 6px 10px;
    }
    .ahead > span {
      flex: 1;
      min-width: 200px;
    }
    button {
      max-width: min(320px, 100%);
    }
    .problem {
      border: 1px solid color-mix(in srgb, var(--bad) 35%, var(--border));
      background: color-mix(in srgb, var(--bad-bg) 60%, transparent);
      color: var(--text);
    }
  `,
})
export class WentBack {
  protected readonly branches = inject(SessionBranches);
}
