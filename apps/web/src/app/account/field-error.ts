import type { FieldTree } from '@angular/forms/signals';

/** The first error of a field that the person has left or tried to send. */
export function fieldError(field: FieldTree<string>): string | undefined {
  const state = field();
  return state.touched() && state.invalid() ? state.errors()[0]?.message : undefined;
}
