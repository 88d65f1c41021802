import { Component, input } from '@angular/core';
import {
  LucideGitBranch,
  LucideGitFork,
  LucideInfo,
  LucidePanelsTopLeft,
  LucideShieldQuestionMark,
  LucideWaypoints,
  LucideZap,
} from '@lucide/angular';
import type { InspectorTab } from './inspector-dock';

/** The icon of an inspector tab. */
@Component({
  selector: 'pz-inspector-tab-icon',
  imports: [
    LucideGitBranch,
    LucideGitFork,
    LucideInfo,
    LucidePanelsTopLeft,
    LucideShieldQuestionMark,
    LucideWaypoints,
    LucideZap,
  ],
  template: `
    @switch (tab()) {
      @case ('triggers') {
        <svg lucideZap size="0.9375rem"></svg>
      }
      @case ('approvals') {
        <svg lucideShieldQuestionMark size="0.9375rem"></svg>
      }
      @case ('children') {
        <svg lucideGitFork size="0.9375rem"></svg>
      }
      @case ('branches') {
        <svg lucideGitBranch size="0.9375rem"></svg>
      }
      @case ('panels') {
        <svg lucidePanelsTopLeft size="0.9375rem"></svg>
      }
      @case ('tunnels') {
        <svg lucideWaypoints size="0.9375rem"></svg>
      }
      @case ('details') {
        <svg lucideInfo size="0.9375rem"></svg>
      }
    }
  `,
  styles: `
    :host {
      display: flex;
      flex: none;
    }
  `,
})
export class InspectorTabIcon {
  readonly tab = input.required<InspectorTab>();
}
