import { Component, computed, inject, input, output } from '@angular/core';
import { RouterLink } from '@angular/router';
import {
  LucideChevronRight,
  LucideCopy,
  LucideEllipsis,
  LucidePin,
  LucidePinOff,
  LucidePlay,
  LucidePower,
  LucidePlus,
  LucideSplit,
  LucideTrash2,
  LucideUnplug,
} from '@lucide/angular';
import type { SessionView } from '@pizzapi/protocol';
import { Badge } from '../../ui/badge';
import { copyText } from '../../ui/copy-text';
import { IconButton } from '../../ui/icon-button';
import { Menu, MenuItem, MenuTrigger } from '../../ui/menu';
import { RelativeTime } from '../../ui/relative-time';
import { StatusDot } from '../../ui/status-dot';
import type { Family } from '../session-groups';
import { SessionForks } from '../session-forks';
import { canResume, hasBegun, isLive, isRunnerAway, questionsIn, sessionName, stateInList } from '../session-state';

/** One session in the rail: state, name, age or unread mark, and a menu that shows on hover and focus. */
@Component({
  selector: 'pz-session-row-link',
  imports: [
    Badge,
    IconButton,
    LucideChevronRight,
    LucideCopy,
    LucideEllipsis,
    LucidePin,
    LucidePinOff,
    LucidePlay,
    LucidePower,
    LucidePlus,
    LucideSplit,
    LucideTrash2,
    LucideUnplug,
    Menu,
    MenuItem,
    MenuTrigger,
    RelativeTime,
    RouterLink,
    StatusDot,
  ],
  templateUrl: './session-row-link.html',
  styleUrl: './session-row-link.css',
})
export class SessionRowLink {
  readonly session = input.required<SessionView>();
  readonly depth = input(0);
  /** Its parent's name, if it is not listed below that. */
  readonly above = input<string | null>(null);
  /** Its descendants in the list. */
  readonly family = input<Family | null>(null);
  readonly isUrgent = input(false);
  readonly isActive = input(false);
  readonly isUnread = input(false);
  readonly startIn = output<{ runnerId: string; cwd: string }>();
  readonly pinToggled = output<SessionView>();
  readonly stopped = output<SessionView>();
  readonly familyStopped = output<SessionView>();
  readonly folded = output<{ sessionId: string; isOpen: boolean }>();
  readonly resumed = output<SessionView>();
  readonly removed = output<SessionView>();

  protected readonly forks = inject(SessionForks);
  /** Deeper levels are not indented further: the name needs the room. */
  protected readonly indent = computed(() => Math.min(this.depth(), 4));
  protected readonly familyWords = computed(() => wordsOf(this.family()));
  protected readonly name = computed(() => sessionName(this.session()));
  protected readonly state = computed(() => stateInList(this.session()));
  protected readonly questions = computed(() => questionsIn(this.session()));
  protected readonly isAway = computed(() => isRunnerAway(this.session()));
  protected readonly isLive = computed(() => isLive(this.session()));
  /** Ended as intended, so it is dimmed. A failed one is not. */
  protected readonly isDone = computed(() => ['ended', 'cancelled'].includes(this.session().status));
  protected readonly hasBegun = computed(() => hasBegun(this.session()));
  protected readonly canResume = computed(() => canResume(this.session()));

  protected async copyId(): Promise<void> {
    await copyText(this.session().sessionId);
  }
}

function wordsOf(family: Family | null): string {
  if (family === null) return '';
  const { count, working, failed } = family;
  const parts = [`${count} child ${count === 1 ? 'session' : 'sessions'}`];
  if (working > 0) parts.push(`${working} working`);
  if (failed > 0) parts.push(`${failed} failed`);
  return parts.join(', ');
}
