import { Component, type ElementRef, computed, inject, input, linkedSignal, output, viewChildren } from '@angular/core';
import { LucideX } from '@lucide/angular';
import type { ModelInfo, ModelRef, RunnerView, SessionView } from '@pizzapi/protocol';
import { FocusFirst } from '../../../ui/focus-first';
import { IconButton } from '../../../ui/icon-button';
import type { SessionFacts } from '../session-facts';
import { ApprovalsTab } from '../approvals/approvals-tab';
import { SessionApprovals } from '../approvals/session-approvals';
import { BranchesTab } from '../branches/branches-tab';
import { SessionBranches } from '../branches/session-branches';
import { ChildrenTab } from '../family/children-tab';
import { SessionFamily } from '../family/session-family';
import { PanelsTab } from '../panels/panels-tab';
import { SessionTriggers } from '../triggers/session-triggers';
import { SessionTunnels } from '../tunnels/session-tunnels';
import { TunnelsTab } from '../tunnels/tunnels-tab';
import { INSPECTOR_TABS, InspectorDock, type InspectorTab } from './inspector-dock';
import { InspectorTabIcon } from './inspector-tab-icon';
import { SessionDetails } from './session-details';

/** Beside the session, or over it where there is less room: its triggers, panels and tunnels, and what else is known of it. */
@Component({
  selector: 'pz-session-inspector',
  imports: [
    ApprovalsTab,
    BranchesTab,
    ChildrenTab,
    FocusFirst,
    IconButton,
    InspectorTabIcon,
    LucideX,
    PanelsTab,
    SessionDetails,
    SessionTriggers,
    TunnelsTab,
  ],
  host: {
    role: 'complementary',
    'aria-label': 'About this session',
    '[class.drawer]': 'dock.isDrawer()',
    '(keydown.escape)': 'closeDrawer($event)',
  },
  templateUrl: './session-inspector.html',
  styleUrl: './session-inspector.css',
})
export class SessionInspector {
  readonly session = input.required<SessionView>();
  readonly facts = input.required<SessionFacts>();
  readonly runner = input.required<RunnerView | undefined>();
  readonly loadModels = input.required<() => Promise<readonly ModelInfo[]>>();
  readonly modelChosen = output<ModelRef>();
  /** Asks to go to the entry with this sequence number. */
  readonly shown = output<number>();
  protected readonly dock = inject(InspectorDock);
  protected readonly tunnels = inject(SessionTunnels);
  protected readonly approvals = inject(SessionApprovals);
  protected readonly family = inject(SessionFamily);
  private readonly branches = inject(SessionBranches);
  /** Children and branches have a tab only if there are any. */
  protected readonly tabs = computed(() => {
    const isEmpty: Partial<Record<InspectorTab, boolean>> = {
      children: this.family.children().length === 0,
      branches: this.branches.all().length === 0,
    };
    return INSPECTOR_TABS.filter(({ id }) => isEmpty[id] !== true);
  });
  protected readonly shownTab = computed(() => {
    const chosen = this.dock.tab();
    return this.tabs().some(({ id }) => id === chosen) ? chosen : 'triggers';
  });
  /** Once opened they stay in the page, so that panels keep running while another tab is shown. */
  protected readonly hasShownPanels = linkedSignal<boolean, boolean>({
    source: () => this.dock.isOpen() && this.shownTab() === 'panels',
    computation: (isShown, previous) => isShown || previous?.value === true,
  });
  protected readonly heading = computed(() => this.tabs().find(({ id }) => id === this.shownTab())?.label);
  private readonly buttons = viewChildren<ElementRef<HTMLElement>>('tabButton');

  /** Left and right go through the tabs, as in every list of tabs. */
  protected onTabKey(event: KeyboardEvent): void {
    const step = event.key === 'ArrowRight' ? 1 : event.key === 'ArrowLeft' ? -1 : 0;
    if (step === 0) return;
    event.preventDefault();
    const tabs = this.tabs();
    const index = tabs.findIndex(({ id }) => id === this.shownTab());
    const next = (index + step + tabs.length) % tabs.length;
    const tab = tabs[next];
    if (tab === undefined) return;
    this.dock.choose(tab.id);
    this.buttons()[next]?.nativeElement.focus();
  }

  protected show(seq: number): void {
    // The drawer would cover what is to be seen.
    if (this.dock.isDrawer()) this.dock.close();
    this.shown.emit(seq);
  }

  protected reveal(approvalId: string): void {
    if (this.dock.isDrawer()) this.dock.close();
    this.approvals.reveal(approvalId);
  }

  protected closeDrawer(event: Event): void {
    if (!this.dock.isDrawer()) return;
    event.stopPropagation();
    this.dock.close();
  }
}
