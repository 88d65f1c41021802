import { computed, DestroyRef, effect, inject, Service, signal, type Signal } from '@angular/core';
import { Title } from '@angular/platform-browser';
import { type RouterStateSnapshot, TitleStrategy } from '@angular/router';

const PRODUCT = 'PizzaPi';

/** The title of the browser's tab: how many questions wait for a person, and what the page is about. */
@Service()
export class PageTitle extends TitleStrategy {
  private readonly title = inject(Title);
  /** What the route says. */
  private readonly route = signal(PRODUCT);
  /** What the page itself says, where its route cannot know; the latest one wins. */
  private readonly subjects = signal<readonly Signal<string>[]>([]);
  private readonly counts = signal<readonly Signal<number>[]>([]);
  private readonly text = computed(() => {
    const count = this.counts().at(-1)?.() ?? 0;
    const subject = this.subjects().at(-1)?.() ?? '';
    return (count > 0 ? `(${count}) ` : '') + (subject === '' ? this.route() : `${subject} · ${PRODUCT}`);
  });

  constructor() {
    super();
    effect(() => this.title.setTitle(this.text()));
  }

  override updateTitle(snapshot: RouterStateSnapshot): void {
    this.route.set(this.buildTitle(snapshot) ?? PRODUCT);
  }

  /** For as long as the caller exists. Call it in an injection context. */
  about(subject: Signal<string>): void {
    this.subjects.update((all) => [...all, subject]);
    inject(DestroyRef).onDestroy(() => this.subjects.update((all) => all.filter((each) => each !== subject)));
  }

  /** How many questions wait for a person. For as long as the caller exists. */
  count(count: Signal<number>): void {
    this.counts.update((all) => [...all, count]);
    inject(DestroyRef).onDestroy(() => this.counts.update((all) => all.filter((each) => each !== count)));
  }
}
