import { ApprovalDeadlineMs, type ApprovalSettings } from '@pizzapi/protocol';

/** One place's settings; `source` is what people know it as: a file, or their organisation. */
export interface ApprovalLayer {
  source: string;
  settings: ApprovalSettings;
}

/** What holds for a session: the organisation's settings where it has any, the user's, then the project's. A later layer can only tighten. */
export type ApprovalPolicy = readonly ApprovalLayer[];

/** How long a question waits for its answer. The first layer chooses; those after it can only shorten. */
export function deadlineOf([first, ...others]: ApprovalPolicy): number {
  const chosen = first?.settings.deadlineMs ?? ApprovalDeadlineMs.standard;
  return Math.min(chosen, ...others.map(({ settings }) => settings.deadlineMs ?? chosen));
}

/** Whether a session's parent may answer what a rule asks about: only where the first layer says so and none after it forbids it. */
export function parentsMayAnswer([first, ...others]: ApprovalPolicy): boolean {
  return (
    first?.settings.parentsMayAnswer === true && others.every(({ settings }) => settings.parentsMayAnswer !== false)
  );
}
