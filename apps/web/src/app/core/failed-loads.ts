import { Service, inject, signal } from '@angular/core';
import type { NavigationError } from '@angular/router';

/** A part of the console that could not be fetched: the relay is down, or has a newer console than this page. */
export interface FailedLoad {
  /** Where the person wanted to go; a reload leads there. */
  readonly url: string;
}

/** What could not be loaded while the console was open. */
@Service()
export class FailedLoads {
  private readonly current = signal<FailedLoad | null>(null);
  readonly failed = this.current.asReadonly();

  report(url: string): void {
    this.current.set({ url });
  }

  dismiss(): void {
    this.current.set(null);
  }
}

/** For the router: a page whose code cannot be loaded is shown as such, not just logged. */
export function reportFailedNavigation(error: NavigationError): void {
  inject(FailedLoads).report(error.url);
  console.error(`The page ${error.url} could not be opened.`, error.error);
}
