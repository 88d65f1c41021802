import { Component, computed, input, signal } from '@angular/core';
import { LucideCheck, LucideX } from '@lucide/angular';
import type { SubagentCall } from '@pizzapi/protocol';
import { revealedOf } from '../conversation/revealed';

/** As many as one can follow while it runs. */
const SHOWN = 6;

/** The tool calls of a subagent, the latest last. */
@Component({
  selector: 'pz-subagent-calls',
  imports: [LucideCheck, LucideX],
  template: `
    @if (hidden() > 0) {
      <button type="button" (click)="isWhole.set(true)">{{ hidden() }} earlier</button>
    } @else if (lost() > 0) {
      <p>{{ lost() }} earlier ones are not kept.</p>
    }
    <ol aria-label="Tool calls">
      @for (call of shown(); track call.callId) {
        <li [class]="call.state">
          <span class="icon" role="img" [attr.aria-label]="call.state">
            @switch (call.state) {
              @case ('done') {
                <svg lucideCheck size="0.75rem"></svg>
              }
              @case ('failed') {
                <svg lucideX size="0.75rem"></svg>
              }
              @default {
                <span class="busy"></span>
              }
            }
          </span>
          <span class="tool">{{ call.toolName }} </span>
          <code class="ell" [title]="objectOf(call)">{{ objectOf(call) }}</code>
        </li>
      }
    </ol>
  `,
  styles: `
    ol {
      display: grid;
      gap: 2px;
      margin: 0;
      padding: 0;
      list-style: none;
      font-size: 0.75rem;
    }
    li {
      display: flex;
      align-items: center;
      gap: 8px;
      min-width: 0;
      color: var(--muted);
    }
    .icon {
      display: grid;
      flex: none;
      place-items: center;
      width: 0.75rem;
      color: var(--faint);
    }
    .failed .icon {
      color: var(--bad);
    }
    .tool {
      flex: none;
      color: var(--faint);
    }
    code {
      min-width: 0;
      color: var(--muted);
    }
    .running code {
      color: var(--text);
    }
    .busy {
      width: 0.3125rem;
      height: 0.3125rem;
      border-radius: 50%;
      background: var(--accent);
    }
    button {
      padding: 2px 0;
      border: 0;
      background: none;
      color: var(--faint);
      font-size: 0.75rem;
    }
    button:hover {
      color: var(--text);
    }
    p {
      margin: 0 0 2px;
      color: var(--faint);
      font-size: 0.75rem;
    }
  `,
})
export class SubagentCalls {
  readonly calls = input.required<readonly SubagentCall[]>();
  /** Counts all calls, including those not kept. */
  readonly count = input.required<number>();
  protected readonly isWhole = signal(false);
  protected readonly shown = computed(() => (this.isWhole() ? this.calls() : this.calls().slice(-SHOWN)));
  protected readonly lost = computed(() => this.count() - this.calls().length);
  protected readonly hidden = computed(() => this.calls().length - this.shown().length);

  protected objectOf({ toolName, object }: SubagentCall): string {
    return revealedOf(toolName, object);
  }
}
