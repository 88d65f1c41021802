import type { AgentPolicy, ApprovalAction, SandboxMode } from '@pizzapi/protocol';
import { parseWait, waitWords } from '../../ui/wait-duration';

export interface RuleRow {
  tool: string;
  pattern: string;
  action: ApprovalAction;
}

/** A policy as its form holds it: lists are texts with an item in each line. Empty means: people choose. */
export interface PolicyDraft {
  mode: SandboxMode | '';
  floor: SandboxMode | '';
  allowedDomains: string;
  denied: string;
  readable: string;
  writable: string;
  /** Lists of what is allowed that are explicitly empty: they allow nothing, unlike an absent list. */
  noDomains: boolean;
  noReadable: boolean;
  noWritable: boolean;
  rules: readonly RuleRow[];
  deadline: string;
  parents: 'may' | 'may not' | '';
}

export const NEW_RULE: RuleRow = { tool: 'bash', pattern: '', action: 'ask' };
const LISTS = ['allowedDomains', 'denied', 'readable', 'writable'] as const;
type List = (typeof LISTS)[number];
/** The draft's field that makes a list explicitly empty. Deny lists have none: denying nothing is saying nothing. */
const NOTHING = { allowedDomains: 'noDomains', readable: 'noReadable', writable: 'noWritable' } as const;

export function policyDraft({ sandbox = {}, approvals = {} }: AgentPolicy): PolicyDraft {
  const { rules = [], deadlineMs, parentsMayAnswer } = approvals;
  const textOf = (list: List): string => (sandbox[list] ?? []).join('\n');
  const isNothing = (list: List): boolean => sandbox[list]?.length === 0;
  return {
    mode: sandbox.mode ?? '',
    floor: sandbox.floor ?? '',
    allowedDomains: textOf('allowedDomains'),
    denied: textOf('denied'),
    readable: textOf('readable'),
    writable: textOf('writable'),
    noDomains: isNothing('allowedDomains'),
    noReadable: isNothing('readable'),
    noWritable: isNothing('writable'),
    rules: rules.map(({ tool, pattern = '', action }) => ({ tool, pattern, action })),
    deadline: deadlineMs === undefined ? '' : waitWords(deadlineMs),
    parents: parentsMayAnswer === undefined ? '' : parentsMayAnswer ? 'may' : 'may not',
  };
}

/** What the relay is asked for. Empty fields are left out, and lists that are not said to be empty. */
export function policyOf(draft: PolicyDraft): AgentPolicy {
  const { mode, floor, rules, deadline, parents } = draft;
  const deadlineMs = parseWait(deadline);
  const isNothing = (list: List): boolean => list !== 'denied' && draft[NOTHING[list]];
  const lists = LISTS.map((list) => [list, isNothing(list) ? [] : linesOf(draft[list])] as const).filter(
    ([list, lines]) => lines.length > 0 || isNothing(list),
  );
  const sandbox = {
    ...(mode === '' ? {} : { mode }),
    ...(floor === '' ? {} : { floor }),
    ...Object.fromEntries(lists),
  };
  const approvals = {
    ...(rules.length === 0 ? {} : { rules: rules.map(ruleOf) }),
    ...(deadlineMs === null ? {} : { deadlineMs }),
    ...(parents === '' ? {} : { parentsMayAnswer: parents === 'may' }),
  };
  return {
    ...(Object.keys(sandbox).length === 0 ? {} : { sandbox }),
    ...(Object.keys(approvals).length === 0 ? {} : { approvals }),
  };
}

/** What the form can check by itself; the rest is up to the relay. */
export function draftProblems({ deadline, rules }: PolicyDraft): Record<string, string> {
  const isDeadline = deadline.trim() === '' || parseWait(deadline) !== null;
  return {
    ...(isDeadline ? {} : { deadline: 'Say it as “10 minutes” or “2 hours”' }),
    ...(rules.some(({ tool }) => tool.trim() === '')
      ? { rules: 'Each rule needs a tool; * stands for all of them' }
      : {}),
  };
}

function ruleOf({ tool, pattern, action }: RuleRow): { tool: string; pattern?: string; action: ApprovalAction } {
  return { tool: tool.trim(), ...(pattern.trim() === '' ? {} : { pattern: pattern.trim() }), action };
}

function linesOf(text: string): string[] {
  return text
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '');
}
