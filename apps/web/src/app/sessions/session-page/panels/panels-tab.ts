import { Component, computed, inject, signal } from '@angular/core';
import { RouterLink } from '@angular/router';
import { LucidePanelsTopLeft } from '@lucide/angular';
import { serviceState } from '../../../runners/services/service-state';
import { EmptyState } from '../../../ui/empty-state';
import { LucideIcon } from '../../../ui/lucide-icon';
import { StatusDot } from '../../../ui/status-dot';
import { InspectorDock } from '../inspector/inspector-dock';
import { SessionServices } from '../services/session-services';
import { MAX_PANEL_HEIGHT, MIN_PANEL_HEIGHT, OpenPanels, PANEL_HEIGHT } from './open-panels';
import { PanelResizer } from './panel-resizer';
import { ServicePanel } from './service-panel';

/** The inspector's tab of panels: those that are open, each as high as the person made it, and those that could be. */
@Component({
  selector: 'pz-panels-tab',
  imports: [EmptyState, LucideIcon, LucidePanelsTopLeft, PanelResizer, RouterLink, ServicePanel, StatusDot],
  host: { '[class.full]': 'panels.full() !== null', '[class.dragging]': 'isDragging()' },
  templateUrl: './panels-tab.html',
  styleUrl: './panels-tab.css',
})
export class PanelsTab {
  protected readonly services = inject(SessionServices);
  protected readonly panels = inject(OpenPanels);
  private readonly dock = inject(InspectorDock);
  protected readonly isDragging = signal(false);
  protected readonly sizes = { min: MIN_PANEL_HEIGHT, max: MAX_PANEL_HEIGHT, usual: PANEL_HEIGHT };

  /** On a phone they cover the page instead. */
  protected readonly docked = computed(() => (this.dock.isNarrow() ? [] : this.panels.open()));
  /** With a panel now, or by their manifest. */
  protected readonly others = computed(() => {
    const docked = new Set(this.docked().map(({ serviceId }) => serviceId));
    const announced = new Set(this.services.panels().map(({ serviceId }) => serviceId));
    return this.services
      .services()
      .filter(({ id, hasPanel }) => !docked.has(id) && (announced.has(id) || hasPanel === true))
      .map(({ id, label, icon, state }) => ({ id, label, icon, state: serviceState(state) }));
  });
}
