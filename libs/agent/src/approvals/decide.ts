import type { ApprovalAction, ApprovalRule, AskingRule } from '@pizzapi/protocol';
import type { ApprovalLayer, ApprovalPolicy } from './approval-policy.js';
import { type Call, callTexts, type CallTexts, patternFor } from './call-texts.js';
import { matchesGlob } from './matches-glob.js';

/** What becomes of a call, and the rule that says so. Without a rule it is allowed. */
export interface Decision {
  action: ApprovalAction;
  rule: AskingRule | null;
}

const STRICTNESS = { allow: 0, ask: 1, deny: 2 } as const satisfies Record<ApprovalAction, number>;
const ALLOWED: Decision = { action: 'allow', rule: null };

/**
 * What the rules say of a call. Within a layer a matching `deny` wins, otherwise the first rule that matches counts, and
 * none means allowed. Between layers the strictest wins, so that a project can tighten what its user allows and never loosen it.
 */
export function decide(policy: ApprovalPolicy, call: Call): Decision {
  const texts = callTexts(call);
  return policy
    .map((layer) => decideInLayer(layer, call, texts))
    .reduce((strictest, next) => (isStricter(next, strictest) ? next : strictest), ALLOWED);
}

/** Whether a rule of this layer is about the call, whatever it says. */
export function isRuled(layer: ApprovalLayer, call: Call): boolean {
  return decideInLayer(layer, call, callTexts(call)).rule !== null;
}

function isStricter(a: Decision, b: Decision): boolean {
  return STRICTNESS[a.action] > STRICTNESS[b.action];
}

function decideInLayer({ source, settings: { rules = [] } }: ApprovalLayer, call: Call, texts: CallTexts): Decision {
  const matching = rules.filter((rule) => isAbout(rule, call, texts));
  const rule = matching.find(({ action }) => action === 'deny') ?? matching[0];
  if (!rule) return ALLOWED;
  return { action: rule.action, rule: { tool: rule.tool, pattern: rule.pattern ?? null, source } };
}

/** A rule that loosens has to fit all of the call; one that tightens, any part of it. */
function isAbout({ tool, pattern, action }: ApprovalRule, call: Call, { whole, parts, isDivided }: CallTexts): boolean {
  if (!matchesGlob(tool, call.toolName)) return false;
  if (pattern === undefined) return true;
  const glob = patternFor(pattern, call);
  const matches = (text: string): boolean => matchesGlob(glob, text);
  if (action !== 'allow') return [...whole, ...parts].some(matches);
  // "git *" must not let "git status; rm -rf ~" pass.
  return whole.every((text) => (isDivided ? glob === text : matches(text)));
}
