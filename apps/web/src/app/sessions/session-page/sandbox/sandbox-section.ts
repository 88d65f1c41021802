import { Component, computed, input, output } from '@angular/core';
import type { SandboxState } from '@pizzapi/protocol';
import { RelativeTime } from '../../../ui/relative-time';
import { violationWords } from '../conversation/sandbox-violation';
import { visibleItems } from '../conversation/transcript-window';
import type { SessionFacts } from '../session-facts';

const MODES: Record<SandboxState['mode'], string> = {
  none: 'Off: tools reach what the runner’s user reaches.',
  basic: 'Basic: secrets cannot be read; writes stay in the working folder and the temporary folder.',
  full: 'Full: like basic, and no network except the allowed domains.',
};

/** How the session's tools are confined, and what was blocked. */
@Component({
  selector: 'pz-sandbox-section',
  imports: [RelativeTime],
  template: `
    <h3>Sandbox</h3>
    @let it = sandbox();
    @if (it.mode !== 'none' && !it.isEnforced) {
      <p class="missing" role="alert"><b>Not enforced.</b> {{ it.detail }}</p>
    } @else {
      <p class="mode">{{ modes[it.mode] }}</p>
      @if (it.isEnforced && it.detail; as lack) {
        <p class="missing" role="alert"><b>Not all of it.</b> {{ lack }}</p>
      }
    }
    @if (it.policyAt; as at) {
      <p class="policy">
        It follows your organisation’s policy as changed <pz-relative-time [iso]="at" form="long" />.
      </p>
    }
    @if (it.behind; as behind) {
      <p class="behind" role="status"><b>Not the newest policy.</b> {{ behind.detail }}</p>
    }
    @if (violations().length > 0) {
      <ul aria-label="What the sandbox refused">
        @for (line of violations(); track line.key) {
          <li>
            <button type="button" (click)="shown.emit(line.seq)">
              <span class="deed">{{ line.toolName }} could not {{ line.deed }}</span>
              <pz-relative-time class="when" [iso]="line.at" />
              <code>{{ line.target }}</code>
              <span class="why">{{ line.reason }}</span>
            </button>
          </li>
        }
      </ul>
    }
  `,
  styles: `
    :host {
      display: block;
      margin-top: 22px;
    }
    h3 {
      margin-bottom: 8px;
    }
    .policy {
      margin-top: 4px;
    }
    .mode,
    .policy {
      color: var(--muted);
    }
    .behind,
    .missing {
      margin-top: 8px;
      padding: 8px 12px;
      border: 1px solid color-mix(in srgb, var(--bad) 35%, var(--border));
      border-radius: var(--radius);
      background: color-mix(in srgb, var(--bad-bg) 60%, transparent);
      overflow-wrap: anywhere;
    }
    .behind {
      border-color: color-mix(in srgb, var(--warn) 40%, var(--border));
      background: color-mix(in srgb, var(--warn-bg) 60%, transparent);
    }
    .missing b {
      color: var(--bad);
    }
    .behind b {
      color: var(--warn);
    }
    ul {
      margin-top: 8px;
    }
    li {
      border-top: 1px solid var(--border-soft);
    }
    button {
      display: grid;
      grid-template-columns: minmax(0, 1fr) auto;
      gap: 1px 8px;
      width: 100%;
      padding: 6px 0;
      border: 0;
      background: none;
      color: inherit;
      text-align: start;
    }
    button:hover {
      background: var(--hover);
    }
    code,
    .why {
      grid-column: 1 / -1;
      overflow-wrap: anywhere;
    }
    .when,
    .why {
      color: var(--faint);
      font-size: 0.75rem;
    }
  `,
})
export class SandboxSection {
  readonly sandbox = input.required<SandboxState>();
  readonly facts = input.required<SessionFacts>();
  /** Asks to go to the entry with this sequence number. */
  readonly shown = output<number>();
  protected readonly modes = MODES;
  /** Of the part of the conversation that is loaded, the latest first. */
  protected readonly violations = computed(() => {
    const conversation = this.facts().conversation();
    if (conversation === undefined) return [];
    return visibleItems(conversation.window)
      .flatMap((item) =>
        item.kind === 'violation'
          ? [
              {
                key: item.key,
                seq: item.seq,
                at: item.violation.at,
                toolName: item.violation.toolName,
                ...violationWords(item.violation),
              },
            ]
          : [],
      )
      .reverse();
  });
}
