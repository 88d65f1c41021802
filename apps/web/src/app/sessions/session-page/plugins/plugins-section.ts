import { Component, inject, input } from '@angular/core';
import { LucideChevronRight } from '@lucide/angular';
import type { SessionPlugin } from '@pizzapi/protocol';
import { Disclosure } from '../transcript/disclosure';

const STATES: Record<SessionPlugin['state'], string> = {
  used: '',
  untrusted: 'Not trusted, so not used',
  refused: 'Refused, so not used',
};

/** The plugins of a session: what each has, and what of it is not used. */
@Component({
  selector: 'pz-plugins-section',
  imports: [LucideChevronRight],
  template: `
    <h3>Plugins</h3>
    <ul>
      @for (plugin of plugins(); track plugin.path) {
        <li>
          <span class="name" [title]="plugin.path"
            >{{ plugin.name }}<span class="faint"> {{ plugin.version }}</span></span
          >
          @if (plugin.source === 'project') {
            <span class="faint">the project’s</span>
          }
          @if (states[plugin.state]; as state) {
            <span class="state">{{ state }}</span>
          } @else {
            <span class="brings">{{ plugin.brings.join(', ') || 'Nothing that is used' }}</span>
          }
          @for (sentence of plugin.broken; track $index) {
            <span class="broken">A hook is broken. {{ sentence }}</span>
          }
          @if (plugin.state === 'used' && plugin.unadapted.length > 0) {
            @let isOpen = disclosure.isOpen('plugin:' + plugin.path);
            <button type="button" [attr.aria-expanded]="isOpen" (click)="disclosure.toggle('plugin:' + plugin.path)">
              <svg lucideChevronRight size="0.8125rem" class="chevron"></svg>{{ plugin.unadapted.length }} not used
            </button>
            @if (isOpen) {
              <ul class="unused">
                @for (sentence of plugin.unadapted; track $index) {
                  <li>{{ sentence }}</li>
                }
              </ul>
            }
          }
        </li>
      }
    </ul>
  `,
  styleUrl: '../inspector/details-list.css',
  styles: `
    .brings,
    .state,
    .broken,
    button,
    .unused {
      grid-column: 1 / -1;
      font-size: 0.75rem;
    }
    .brings {
      color: var(--muted);
    }
    .state {
      color: var(--warn);
    }
    .broken {
      color: var(--bad);
      overflow-wrap: anywhere;
    }
    .faint {
      color: var(--faint);
      font-size: 0.75rem;
    }
    button {
      display: flex;
      align-items: center;
      gap: 4px;
      justify-self: start;
      min-height: 20px;
      padding: 0;
      border: 0;
      background: none;
      color: var(--faint);
    }
    button:hover {
      color: var(--text);
    }
    .unused {
      padding-left: 17px;
      color: var(--muted);
    }
    .unused li {
      display: block;
      padding: 2px 0;
      border: 0;
    }
  `,
})
export class PluginsSection {
  readonly plugins = input.required<readonly SessionPlugin[]>();
  protected readonly disclosure = inject(Disclosure);
  protected readonly states = STATES;
}
