import { CdkMenu, CdkMenuItem, CdkMenuTrigger } from '@angular/cdk/menu';
import { type ConnectedPosition, OverlayContainer } from '@angular/cdk/overlay';
import { Component, Directive, inject, input } from '@angular/core';

/** Below the button and flush with its end; where there is no room, above it or flush with its start. */
const POSITIONS: ConnectedPosition[] = [
  { originX: 'end', originY: 'bottom', overlayX: 'end', overlayY: 'top', offsetY: 4 },
  { originX: 'end', originY: 'top', overlayX: 'end', overlayY: 'bottom', offsetY: -4 },
  { originX: 'start', originY: 'bottom', overlayX: 'start', overlayY: 'top', offsetY: 4 },
  { originX: 'start', originY: 'top', overlayX: 'start', overlayY: 'bottom', offsetY: -4 },
];

/** Opens a menu: `[pzMenuTrigger]="actions"`, where `#actions` is a template with a {@link Menu} in it. */
@Directive({
  selector: 'button[pzMenuTrigger]',
  hostDirectives: [
    { directive: CdkMenuTrigger, inputs: ['cdkMenuTriggerFor: pzMenuTrigger'], outputs: ['cdkMenuOpened: opened'] },
  ],
})
export class MenuTrigger {
  constructor() {
    inject(CdkMenuTrigger).menuPosition = POSITIONS;
    // Menus are drawn outside the page's landmarks, and everything on a page has to be in one.
    const landmark = inject(OverlayContainer).getContainerElement();
    landmark.setAttribute('role', 'region');
    landmark.setAttribute('aria-label', 'Menus');
  }
}

/** One choice of a {@link Menu}. */
@Directive({
  selector: 'button[pzMenuItem]',
  hostDirectives: [
    {
      directive: CdkMenuItem,
      inputs: ['cdkMenuItemDisabled: isDisabled'],
      outputs: ['cdkMenuItemTriggered: chosen'],
    },
  ],
  host: { class: 'pz-menu-item', '[class.danger]': 'isDanger()' },
})
export class MenuItem {
  readonly isDanger = input(false);
}

/** The list that a {@link MenuTrigger} opens. It exists only while it is open. */
@Component({
  selector: 'pz-menu',
  hostDirectives: [CdkMenu],
  host: { '[attr.aria-label]': 'label()' },
  template: `<ng-content />`,
  styles: `
    :host {
      display: block;
      min-width: 176px;
      max-width: min(320px, calc(100vw - 16px));
      max-height: min(420px, calc(100vh - 16px));
      overflow-y: auto;
      padding: 4px;
      border: 1px solid var(--border);
      border-radius: var(--radius);
      outline: none;
      background: var(--surface);
      color: var(--text);
      box-shadow: var(--shadow);
      animation: enter var(--fast) var(--ease);
    }
    @keyframes enter {
      from {
        opacity: 0;
        transform: translateY(-3px);
      }
    }
  `,
})
export class Menu {
  readonly label = input.required<string>();
}
