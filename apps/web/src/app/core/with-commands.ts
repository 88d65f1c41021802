import { DestroyRef, inject } from '@angular/core';
import type { Command, Commands } from './commands';

/** Commands of a page, available as long as the page is open. Call it in an injection context. */
export function withCommands(commands: Commands, list: readonly Command[]): void {
  inject(DestroyRef).onDestroy(commands.add(list));
}
