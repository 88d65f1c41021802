import { computed, linkedSignal, resource, type Signal } from '@angular/core';
import type { FoundFile, FoundFiles } from '@pizzapi/protocol';
import { asProblem } from '../../../core/api/api-problem';
import { isTaking, moveActive } from './list-keys';
import { type Completed, completedPath, mayFit, type TypedPath, typedPath } from './typed-path';

/** Files of a session's working folder, best match first. */
export type FindFiles = (query: string) => Promise<FoundFiles>;

/** Between two keys. */
const PAUSE_MS = 120;

/** Completes the path of a file behind an `@`, by the combobox pattern: the field keeps the focus, its keys move through the list. */
export class FileCompletion {
  private readonly underCaret = computed(() => (this.find() ? typedPath(this.text(), this.caret()) : null));
  private readonly start = computed(() => this.underCaret()?.start);
  /** The place of the `@` whose list was closed. */
  private readonly closedAt = linkedSignal<number | undefined, number | null>({
    source: this.start,
    computation: () => null,
  });
  private readonly typed = computed(
    () => {
      const typed = this.underCaret();
      return typed === null || typed.start === this.closedAt() ? null : typed;
    },
    { equal: isSame },
  );
  private readonly answer = resource({
    params: () => {
      const find = this.find();
      const query = this.typed()?.query;
      return find === undefined || query === undefined ? undefined : { find, query };
    },
    loader: async ({ params: { find, query }, abortSignal }) => {
      await pause(PAUSE_MS, abortSignal);
      return find(query);
    },
  });
  /** The latest answer, also while the next one is on its way. */
  private readonly known = linkedSignal<Heard, FoundFiles | null>({
    source: () => ({
      isTyped: this.typed() !== null,
      answer: this.answer.hasValue() ? this.answer.value() : undefined,
    }),
    computation: ({ isTyped, answer }, previous) => (isTyped ? (answer ?? previous?.value ?? null) : null),
  });
  /** The matches for what is typed now; null if no path is being typed, or nothing is known of the folder yet. */
  readonly matches = computed<readonly FoundFile[] | null>(() => {
    const typed = this.typed();
    const known = this.known();
    if (typed === null || known === null || this.problem() !== null) return null;
    return this.answer.isLoading() ? known.files.filter(({ path }) => mayFit(path, typed.query)) : known.files;
  });
  /** Why there is no list. */
  readonly problem = computed(() => {
    const error = this.answer.error();
    return this.typed() === null || error === undefined ? null : asProblem(error).message;
  });
  readonly isOpen = computed(() => this.typed() !== null);
  readonly isLoading = this.answer.isLoading;
  /** The folder has more files than were searched. */
  readonly isTruncated = computed(() => this.known()?.truncated === true);
  /** The index of the one that Enter takes. */
  readonly active = linkedSignal({ source: this.matches, computation: () => 0 });
  readonly activeId = computed(() => ((this.matches()?.length ?? 0) > 0 ? fileOptionId(this.active()) : null));
  /** For screen readers. */
  readonly announcement = computed(() => {
    const problem = this.problem();
    if (problem !== null) return `Files cannot be listed: ${problem}`;
    const count = this.matches()?.length;
    if (count === undefined || this.isLoading()) return '';
    if (count === 0) return 'No files match';
    return count === 1 ? 'One file matches' : `${count} files match`;
  });

  constructor(
    private readonly text: Signal<string>,
    private readonly caret: Signal<number>,
    private readonly find: Signal<FindFiles | undefined>,
    private readonly complete: (completed: Completed) => void,
  ) {}

  /** @returns whether the key was for the list */
  take(event: KeyboardEvent): boolean {
    const typed = this.typed();
    if (typed === null || event.isComposing) return false;
    if (event.key === 'Escape') {
      this.closedAt.set(typed.start);
      // It closes only the list.
      event.stopPropagation();
      return true;
    }
    const matches = this.matches() ?? [];
    if (moveActive(event, this.active, matches.length)) return true;
    const file = matches[this.active()];
    if (file === undefined || !isTaking(event)) return false;
    this.choose(file);
    return true;
  }

  choose(file: FoundFile): void {
    const typed = this.typed();
    if (typed !== null) this.complete(completedPath(this.text(), this.caret(), typed, file));
  }
}

interface Heard {
  isTyped: boolean;
  answer: FoundFiles | undefined;
}

/** The element id of the option at an index. */
export function fileOptionId(at: number): string {
  return `composer-file-${at}`;
}

function isSame(one: TypedPath | null, other: TypedPath | null): boolean {
  return one?.start === other?.start && one?.query === other?.query;
}

function pause(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, ms);
    // Nobody waits for the result any more.
    signal.addEventListener('abort', () => clearTimeout(timer), { once: true });
  });
}
