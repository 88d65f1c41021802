import type { AskingRun, SubagentStep } from '@pizzapi/protocol';

const SHOWN_CHARACTERS = 120;

type Step = Pick<SubagentStep, 'agent' | 'startedBy' | 'task'>;

/** What tells one run of an agent from the others of its call when it asks a person. */
export function askingRun(steps: readonly Step[], at: number): AskingRun {
  const step = steps[at];
  if (!step) throw new RangeError(`This run has no step ${at}.`);
  const alike = steps.filter(({ agent, startedBy }) => agent === step.agent && startedBy === step.startedBy);
  return { number: alike.indexOf(step) + 1, of: alike.length, task: firstWords(step.task) };
}

function firstWords(task: string): string {
  const characters = [...task.replaceAll(/\s+/g, ' ').trim()];
  return characters.length > SHOWN_CHARACTERS
    ? `${characters.slice(0, SHOWN_CHARACTERS - 1).join('')}…`
    : characters.join('');
}
