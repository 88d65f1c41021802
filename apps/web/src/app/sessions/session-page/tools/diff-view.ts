import { NgTemplateOutlet } from '@angular/common';
import { Component, computed, effect, input, signal } from '@angular/core';
import { type DiffLine, sideBySide } from '../conversation/diff-lines';
import { wordDiffs, type WordPart } from './word-diff';

const FIRST_LINES = 200;
const SIGNS = { added: '+', removed: '-', context: ' ', skip: ' ' } as const;

interface ShownLine extends DiffLine {
  readonly sign: string;
  readonly parts: readonly WordPart[] | null;
}

/** A diff, side by side when there is room. Changed words are marked as soon as they are computed. */
@Component({
  selector: 'pz-diff-view',
  imports: [NgTemplateOutlet],
  host: { tabindex: '0', role: 'group', 'aria-label': 'Changes', '[class.split]': 'isWide()' },
  templateUrl: './diff-view.html',
  styleUrl: './diff-view.css',
})
export class DiffView {
  readonly lines = input.required<readonly DiffLine[]>();
  readonly isWide = input(false);
  private readonly words = signal<ReadonlyMap<DiffLine, readonly WordPart[]>>(new Map());
  private readonly isWhole = signal(false);

  private readonly shownLines = computed(() => (this.isWhole() ? this.lines() : this.lines().slice(0, FIRST_LINES)));
  protected readonly hidden = computed(() => this.lines().length - this.shownLines().length);
  protected readonly unified = computed(() => this.shownLines().map((line) => this.shown(line)));
  protected readonly pairs = computed(() =>
    sideBySide(this.shownLines()).map(({ left, right }) => ({
      left: left && this.shown(left),
      right: right && this.shown(right),
    })),
  );

  constructor() {
    effect(() => {
      const changed = sideBySide(this.shownLines()).flatMap(({ left, right }) =>
        left?.kind === 'removed' && right?.kind === 'added' ? [{ left, right }] : [],
      );
      if (changed.length > 0) this.markWords(changed);
    });
  }

  protected showAll(): void {
    this.isWhole.set(true);
  }

  private shown(line: DiffLine): ShownLine {
    return { ...line, sign: SIGNS[line.kind], parts: this.words().get(line) ?? null };
  }

  private markWords(changed: readonly { left: DiffLine; right: DiffLine }[]): void {
    wordDiffs(changed.map(({ left, right }) => [left.text, right.text] as const)).then(
      (diffs) => {
        const words = new Map<DiffLine, readonly WordPart[]>();
        changed.forEach(({ left, right }, index) => {
          const diff = diffs[index];
          if (diff) words.set(left, diff.left).set(right, diff.right);
        });
        this.words.set(words);
      },
      // Without its chunk (offline) the diff stays readable line by line.
      (error: unknown) => console.warn('Changed words are not marked: the diff library could not be loaded.', error),
    );
  }
}
