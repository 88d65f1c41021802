import type { Attachment } from '@pizzapi/protocol';
import type { ApiProblem } from '../../core/api/api-problem';

/** The files of a refused message that the relay no longer has; empty if it was refused for another reason. */
export function goneFiles(problem: ApiProblem, attachments: readonly Attachment[] = []): readonly Attachment[] {
  if (!problem.is('attachment_unknown')) return [];
  const named = attachments.filter((_, at) => problem.field(`attachments.${at}`) !== undefined);
  return named.length > 0 ? named : attachments;
}

/** For people: which files they are, and what to do. */
export function goneText(gone: readonly Attachment[]): string {
  const names = gone.map(({ name }) => name).join(', ');
  return `The relay does not have ${names} any more. Edit the message, and choose ${gone.length === 1 ? 'it' : 'them'} again or go without.`;
}
