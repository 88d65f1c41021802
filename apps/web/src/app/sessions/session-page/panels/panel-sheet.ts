import { Component, inject } from '@angular/core';
import { Modal } from '../../../ui/modal';
import { OpenPanels } from './open-panels';
import { ServicePanel } from './service-panel';

/** A panel on a phone: the whole screen. */
@Component({
  selector: 'pz-panel-sheet',
  imports: [Modal, ServicePanel],
  template: `
    @if (panels.sheet(); as serviceId) {
      <pz-modal label="Panel" size="sheet" (closed)="panels.close(serviceId)">
        <pz-service-panel [serviceId]="serviceId" (closed)="panels.close(serviceId)" />
      </pz-modal>
    }
  `,
  styles: `
    pz-service-panel {
      flex: 1;
      border: 0;
      border-radius: 0;
    }
  `,
})
export class PanelSheet {
  protected readonly panels = inject(OpenPanels);
}
