import {
  afterNextRender,
  Component,
  computed,
  type ElementRef,
  inject,
  Injector,
  output,
  signal,
  viewChildren,
} from '@angular/core';
import { LucideChevronRight, LucideGitBranch, LucideLocateFixed } from '@lucide/angular';
import { Button } from '../../../ui/button';
import { RelativeTime } from '../../../ui/relative-time';
import { branchesAbove, type BranchLine, branchLines, unfoldedLines } from './branch-lines';
import { SessionBranches } from './session-branches';

/** The deepest level with a guide line of its own. */
const MAX_GUIDES = 8;

/**
 * The tree of the conversation: where it forked, which way it goes now, and the way to the others. By keyboard like every tree: up and down move, right
 * and left show, hide and move along, Enter goes there.
 */
@Component({
  selector: 'pz-branches-tab',
  imports: [Button, LucideChevronRight, LucideGitBranch, LucideLocateFixed, RelativeTime],
  templateUrl: './branches-tab.html',
  styleUrl: './branches-tab.css',
})
export class BranchesTab {
  /** Asks to go to the entry with this sequence number. */
  readonly shown = output<number>();
  protected readonly branches = inject(SessionBranches);
  private readonly injector = inject(Injector);
  private readonly items = viewChildren<ElementRef<HTMLElement>>('item');
  /** This many fit in sight anyway. */
  protected readonly shownWithoutJump = 12;
  protected readonly lines = computed(() => branchLines(this.branches.all()));
  /** The folded branches. */
  protected readonly folded = signal<ReadonlySet<string>>(new Set());
  protected readonly visible = computed(() => unfoldedLines(this.lines(), this.folded()));
  protected readonly isBefore = computed(() => this.lines().every(({ branch }) => !branch.isCurrent));
  protected readonly focused = signal<string | null>(null);
  private readonly here = computed(() => this.lines().find(({ isHere }) => isHere)?.branch.entryId ?? null);
  /** The one line in the Tab order: the last focused one, the current branch, or the first. */
  protected readonly reachable = computed(() => {
    const ids = this.visible().map(({ branch }) => branch.entryId);
    return [this.focused(), this.here(), ...ids].find((id) => id !== null && ids.includes(id)) ?? null;
  });

  constructor() {
    afterNextRender(() => this.elementOf(this.here())?.scrollIntoView({ block: 'nearest' }));
  }

  protected levels({ depth }: BranchLine): unknown[] {
    return Array.from({ length: Math.min(depth, MAX_GUIDES) });
  }

  protected isOutOfReach({ branch }: BranchLine): boolean {
    return !branch.isCurrent && !this.branches.isChangeable();
  }

  protected onClick({ target }: Event, line: BranchLine): void {
    const isAtTwist = target instanceof Element && target.closest('.twist') !== null;
    if (isAtTwist && line.below > 0) this.fold(line, !this.folded().has(line.branch.entryId));
    else this.go(line);
  }

  private go(line: BranchLine): void {
    if (this.isOutOfReach(line)) return;
    const { entryId, seq, isCurrent } = line.branch;
    if (isCurrent) this.shown.emit(seq);
    else void this.branches.change(entryId, 'end');
  }

  private fold({ branch, below }: BranchLine, isFolded: boolean): void {
    if (below === 0) return;
    const folded = new Set(this.folded());
    if (isFolded) folded.add(branch.entryId);
    else folded.delete(branch.entryId);
    this.folded.set(folded);
  }

  /** Goes to the current branch, even if it is folded away. */
  protected jump(): void {
    const here = this.here();
    if (here === null) return;
    const above = new Set(branchesAbove(this.lines(), here));
    this.folded.update((folded) => new Set([...folded].filter((id) => !above.has(id))));
    afterNextRender(() => this.focus(here), { injector: this.injector });
  }

  protected onKey(event: KeyboardEvent): void {
    if (event.altKey || event.ctrlKey || event.metaKey) return;
    const lines = this.visible();
    const at = lines.findIndex(({ branch }) => branch.entryId === this.reachable());
    const line = lines[at];
    const act = line && this.actOf(event.key, line, at);
    if (act === undefined) return;
    event.preventDefault();
    act();
  }

  private actOf(key: string, line: BranchLine, at: number): (() => void) | undefined {
    const lines = this.visible();
    const to = (next: BranchLine | undefined) => () => next && this.focus(next.branch.entryId);
    const isFolded = this.folded().has(line.branch.entryId);
    switch (key) {
      case 'ArrowDown':
        return to(lines[at + 1]);
      case 'ArrowUp':
        return to(lines[at - 1]);
      case 'Home':
        return to(lines[0]);
      case 'End':
        return to(lines.at(-1));
      case 'ArrowRight':
        return isFolded ? () => this.fold(line, false) : to(line.below > 0 ? lines[at + 1] : undefined);
      case 'ArrowLeft':
        if (line.below > 0 && !isFolded) return () => this.fold(line, true);
        return to(lines.find(({ branch }) => branch.entryId === line.above));
      case 'Enter':
      case ' ':
        return () => this.go(line);
      default:
        return undefined;
    }
  }

  private focus(entryId: string): void {
    this.focused.set(entryId);
    this.elementOf(entryId)?.focus();
  }

  private elementOf(entryId: string | null): HTMLElement | undefined {
    return this.items().find(({ nativeElement }) => nativeElement.dataset['entry'] === entryId)?.nativeElement;
  }
}
