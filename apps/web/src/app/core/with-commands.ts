import { DestroyRef, inject } from '@angular/core';
import type { Command, Commands } from './commands';

/** Commands of a page: there as long as the page is. To be called where services can be injected. */
export function withCommands(commands: Commands, list: readonly Command[]): void {
  inject(DestroyRef).onDestroy(commands.add(list));
}
