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
  /** What the page says, where its route cannot know; the last one counts. */
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

  /** As long as the caller is there. To be called where services can be injected. */
  about(subject: Signal<string>): void {
    this.subjects.update((all) => [...all, subject]);
    inject(DestroyRef).onDestroy(() => this.subjects.update((all) => all.filter((each) => each !== subject)));
  }

  /** How many wait for a person. As long as the caller is there. */
  count(count: Signal<number>): void {
    this.counts.update((all) => [...all, count]);
    inject(DestroyRef).onDestroy(() => this.counts.update((all) => all.filter((each) => each !== count)));
  }
}
