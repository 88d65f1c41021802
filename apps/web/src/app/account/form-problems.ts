import type { ReadonlyFieldTree, ValidationError } from '@angular/forms/signals';
import { type ApiProblem, asProblem } from '../core/api/api-problem';

/** The result of submitting a form: the errors that the server found, by field. */
export type SubmitAnswer = Promise<ValidationError.WithFieldTree[] | undefined>;

/**
 * Runs a form's call; a refusal becomes errors of the fields it names, through `fields` by the server's path. What
 * belongs to no field goes to `fail`.
 */
export async function submitTo(
  call: () => Promise<void>,
  fields: Record<string, ReadonlyFieldTree<unknown>>,
  fail: (problem: ApiProblem) => void,
): SubmitAnswer {
  try {
    await call();
    return undefined;
  } catch (error) {
    const problem = asProblem(error);
    const errors = Object.entries(fields).flatMap(([path, fieldTree]) => {
      const message = problem.field(path);
      return message ? [{ kind: 'server', message, fieldTree }] : [];
    });
    if (errors.length === 0) fail(problem);
    return errors;
  }
}
