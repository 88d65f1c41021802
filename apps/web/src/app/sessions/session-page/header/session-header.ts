import { Component, computed, effect, inject, input, output, signal, untracked } from '@angular/core';
import { RouterLink } from '@angular/router';
import {
  LucideArrowLeft,
  LucideCopy,
  LucideEllipsis,
  LucideLink,
  LucidePanelRight,
  LucidePencil,
  LucidePin,
  LucidePlay,
  LucidePower,
  LucideSearch,
  LucideSplit,
  LucideTrash2,
} from '@lucide/angular';
import type { Activity, ModelInfo, ModelRef, SessionView } from '@pizzapi/protocol';
import { Avatar } from '../../../ui/avatar';
import { Badge } from '../../../ui/badge';
import { Button } from '../../../ui/button';
import { IconButton } from '../../../ui/icon-button';
import { Menu, MenuItem, MenuTrigger } from '../../../ui/menu';
import { NameEdit } from '../../../ui/name-edit';
import { StatusDot } from '../../../ui/status-dot';
import { SessionForks } from '../../session-forks';
import { canResume, folderText, hasBegun, isLive, isRunnerAway, sessionName, sessionState } from '../../session-state';
import { SessionFamily } from '../family/session-family';
import { clock } from '../conversation/number-words';
import { PanelButtons } from '../panels/panel-buttons';
import { ModelSwitch } from './model-switch';

export type HeaderAction =
  'stop' | 'stopFamily' | 'resume' | 'fork' | 'pin' | 'copyId' | 'copyLink' | 'delete' | 'find' | 'details' | 'sandbox';

const MAX_FACES = 4;

/** Name, place, state, model, who watches, and what can be done with the session as a whole. */
@Component({
  selector: 'pz-session-header',
  imports: [
    Avatar,
    Badge,
    Button,
    IconButton,
    LucideArrowLeft,
    LucideCopy,
    LucideEllipsis,
    LucideLink,
    LucidePanelRight,
    LucidePencil,
    LucidePin,
    LucidePlay,
    LucidePower,
    LucideSearch,
    LucideSplit,
    LucideTrash2,
    Menu,
    MenuItem,
    MenuTrigger,
    ModelSwitch,
    NameEdit,
    PanelButtons,
    RouterLink,
    StatusDot,
  ],
  templateUrl: './session-header.html',
  styleUrl: './session-header.css',
})
export class SessionHeader {
  readonly session = input.required<SessionView>();
  readonly activity = input.required<Activity | null>();
  readonly activitySince = input.required<string | null>();
  readonly model = input.required<ModelRef | null>();
  readonly modelName = input.required<string | null>();
  readonly runnerName = input.required<string>();
  readonly isInspectorOpen = input(false);
  readonly viewers = input.required<readonly { userId: string; name: string }[]>();
  readonly loadModels = input.required<() => Promise<readonly ModelInfo[]>>();
  readonly renamed = output<string>();
  readonly modelChosen = output<ModelRef>();
  readonly acted = output<HeaderAction>();

  protected readonly family = inject(SessionFamily);
  protected readonly forks = inject(SessionForks);
  protected readonly nameOf = sessionName;
  protected readonly isRenaming = signal(false);
  private readonly now = signal(Date.now());
  protected readonly name = computed(() => sessionName(this.session()));
  protected readonly state = computed(() => sessionState({ ...this.session(), activity: this.activity() }));
  protected readonly isAway = computed(() => isRunnerAway(this.session()));
  /** Says that its tools are not, or not fully, confined though they should be, and why. */
  protected readonly missingSandbox = computed(() => {
    const { sandbox } = this.session();
    if (!sandbox || sandbox.mode === 'none') return null;
    const { isEnforced, detail } = sandbox;
    if (!isEnforced) return { word: 'no sandbox', detail: detail ?? 'It is not enforced.' };
    return detail === undefined ? null : { word: 'sandbox in part', detail };
  });
  /** It still runs under an earlier policy. A sandbox that is about to go needs nobody's attention. */
  protected readonly olderPolicy = computed(() => {
    const behind = this.session().sandbox?.behind;
    return behind?.reason === 'not_understood' ? behind.detail : null;
  });
  protected readonly isLive = computed(() => isLive(this.session()));
  protected readonly canResume = computed(() => canResume(this.session()));
  protected readonly folder = computed(() => folderText(this.session().cwd));
  protected readonly hasBegun = computed(() => hasBegun(this.session()));
  private readonly isTicking = computed(() => ['working', 'waiting for you'].includes(this.state().label));
  protected readonly since = computed(() => {
    const since = this.activitySince();
    return this.isTicking() && since !== null ? clock(this.now() - Date.parse(since)) : '';
  });
  protected readonly faces = computed(() => {
    const people = new Map(this.viewers().map((viewer) => [viewer.userId, viewer]));
    return [...people.values()];
  });
  protected readonly shownFaces = computed(() => this.faces().slice(0, MAX_FACES));
  protected readonly isDone = computed(() => !this.isLive());

  constructor() {
    effect((onCleanup) => {
      if (!this.isTicking()) return;
      untracked(() => this.now.set(Date.now()));
      const timer = setInterval(() => this.now.set(Date.now()), 1000);
      onCleanup(() => clearInterval(timer));
    });
  }

  protected rename(name: string | null): void {
    this.isRenaming.set(false);
    if (name !== null && name !== this.session().name) this.renamed.emit(name);
  }
}
