import { Component, computed, input } from '@angular/core';
import { LucideShieldBan } from '@lucide/angular';
import type { SandboxViolation } from '@pizzapi/protocol';
import { violationWords } from '../conversation/sandbox-violation';

/** What the sandbox blocked, one line each. */
@Component({
  selector: 'pz-violation-lines',
  imports: [LucideShieldBan],
  template: `
    @for (line of lines(); track $index) {
      <p>
        <svg lucideShieldBan size="0.875rem"></svg>
        <span
          ><b>Sandbox:</b> could not {{ line.deed }} <code>{{ line.target }}</code>
          <span class="why"><span aria-hidden="true"> · </span>{{ line.reason }}</span></span
        >
      </p>
    }
  `,
  styles: `
    :host {
      display: block;
      padding: 2px 12px 6px;
      color: var(--muted);
      font-size: 0.75rem;
    }
    p {
      display: flex;
      align-items: flex-start;
      gap: 8px;
      padding: 2px 0;
    }
    svg {
      flex: none;
      margin-top: 2px;
      color: var(--bad);
    }
    b {
      font-weight: 500;
      color: var(--bad);
    }
    code {
      color: var(--text);
      overflow-wrap: anywhere;
    }
    .why > span {
      color: var(--faint);
    }
  `,
})
export class ViolationLines {
  readonly violations = input.required<readonly SandboxViolation[]>();
  protected readonly lines = computed(() => this.violations().map(violationWords));
}
