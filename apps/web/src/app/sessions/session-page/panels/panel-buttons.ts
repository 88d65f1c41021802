import { Component, computed, effect, inject, linkedSignal } from '@angular/core';
import { LucidePanelsTopLeft } from '@lucide/angular';
import { Commands } from '../../../core/commands';
import { IconButton } from '../../../ui/icon-button';
import { LucideIcon } from '../../../ui/lucide-icon';
import { Menu, MenuItem, MenuTrigger } from '../../../ui/menu';
import { InspectorDock } from '../inspector/inspector-dock';
import { SessionServices } from '../services/session-services';
import { OpenPanels } from './open-panels';
import { type PanelOffer, panelPlaces, type PlacesBefore } from './panel-places';

/** More than these are in a menu. */
const SHOWN = 3;

/** The session's toolbar: a button for each service that has a panel. */
@Component({
  selector: 'pz-panel-buttons',
  imports: [IconButton, LucideIcon, LucidePanelsTopLeft, Menu, MenuItem, MenuTrigger],
  host: { role: 'group', 'aria-label': 'Panels', '[class.many]': 'all().length > 2' },
  template: `
    @for (panel of shown(); track panel.serviceId) {
      <button
        type="button"
        class="panel"
        [class.on]="panel.isShown"
        [class.away]="!panel.isThere"
        [attr.aria-label]="panel.label"
        [attr.aria-description]="panel.isThere ? null : 'Its service is not up'"
        [attr.aria-pressed]="panel.isShown"
        [title]="panel.isThere ? panel.label : panel.label + ': its service is not up'"
        (click)="panels.toggle(panel.serviceId)"
      >
        <pz-lucide-icon [name]="panel.icon" />
        <span class="label ell">{{ panel.label }}</span>
      </button>
    }
    @if (others().length > 0) {
      <button [pzMenuTrigger]="menu" pzIconButton type="button" [label]="shown().length > 0 ? 'More panels' : 'Panels'">
        <svg lucidePanelsTopLeft size="1rem"></svg>
      </button>
      <ng-template #menu>
        <pz-menu label="Panels">
          @for (panel of others(); track panel.serviceId) {
            <button pzMenuItem (chosen)="panels.toggle(panel.serviceId)">
              <pz-lucide-icon [name]="panel.icon" />{{ panel.label }}
              @if (!panel.isThere) {
                <span class="faint">not up</span>
              }
            </button>
          }
        </pz-menu>
      </ng-template>
    }
  `,
  styles: `
    :host {
      display: flex;
      align-items: center;
      gap: 2px;
    }
    :host:empty {
      display: none;
    }
    .panel {
      display: inline-flex;
      align-items: center;
      gap: 6px;
      height: 1.75rem;
      padding: 0 7px;
      border: 1px solid transparent;
      border-radius: 6px;
      background: none;
      color: var(--muted);
      font: 500 0.75rem/1.125rem var(--sans);
      transition: background var(--fast) var(--ease);
    }
    .panel:hover,
    .panel.on {
      background: var(--hover);
      color: var(--text);
    }
    .panel.on {
      border-color: var(--border);
    }
    .panel.away {
      color: var(--faint);
    }
    .panel.away pz-lucide-icon {
      opacity: 0.6;
    }
    .label {
      max-width: 14ch;
    }
    :host(.many) .label {
      display: none;
    }
    @container header (max-width: 760px) {
      .label {
        display: none;
      }
    }
    @media (pointer: coarse) {
      .panel {
        height: 40px;
        padding: 0 11px;
      }
    }
  `,
})
export class PanelButtons {
  protected readonly panels = inject(OpenPanels);
  private readonly services = inject(SessionServices);
  private readonly dock = inject(InspectorDock);

  private readonly places = linkedSignal<PanelOffer, PlacesBefore>({
    source: () => ({
      runnerId: this.services.runnerId(),
      services: this.services.services(),
      panels: this.services.panels(),
    }),
    computation: (offer, previous) => ({
      runnerId: offer.runnerId,
      places: panelPlaces(offer, previous?.value),
    }),
  });
  protected readonly all = computed(() =>
    (this.services.isOnline() ? this.places().places : []).map((panel) => ({
      ...panel,
      isShown: this.panels.isShown(panel.serviceId),
    })),
  );
  /** On a phone there is room for one button. */
  private readonly room = computed(() => (this.dock.isNarrow() ? 0 : SHOWN));
  protected readonly shown = computed(() => this.all().slice(0, this.room()));
  protected readonly others = computed(() => this.all().slice(this.room()));

  constructor() {
    const commands = inject(Commands);
    effect((onCleanup) => {
      const list = this.services.panels().map(({ serviceId, label }) => ({
        id: `panel-${serviceId}`,
        label: `Open the panel ${label}`,
        group: 'This session',
        run: () => this.panels.show(serviceId),
      }));
      onCleanup(commands.add(list));
    });
  }
}
