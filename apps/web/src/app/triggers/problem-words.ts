import type { ApiProblem } from '../core/api/api-problem';

/** A refusal as one text: what is wrong in general, and at which places. */
export function problemWords(problem: ApiProblem): string {
  const places = problem.fields.filter(({ message }) => !problem.message.includes(message));
  return [problem.message, ...places.map(({ path, message }) => `${path}: ${message}`)].join(' · ');
}
