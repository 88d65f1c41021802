import type { ApprovalRule, AskingRule } from '@pizzapi/protocol';
import type { ApprovalPolicy } from './approval-policy.js';

/** Rules that a person answered for the rest of the session. */
export class Grants {
  readonly #granted = new Set<string>();

  add({ source, tool, pattern }: AskingRule): void {
    this.#granted.add(keyOf(source, tool, pattern));
  }

  /**
   * The policy as it is now: before a rule that was granted stands one that allows, which has to fit all of a call. What the rule is about only in
   * part (`touch a && reboot`, with `touch *` granted) is asked about as before.
   */
  applyTo(policy: ApprovalPolicy): ApprovalPolicy {
    if (this.#granted.size === 0) return policy;
    return policy.map(({ source, settings }) => ({
      source,
      settings: { ...settings, rules: (settings.rules ?? []).flatMap((rule) => this.#granting(source, rule)) },
    }));
  }

  #granting(source: string, rule: ApprovalRule): ApprovalRule[] {
    const isGranted = rule.action === 'ask' && this.#granted.has(keyOf(source, rule.tool, rule.pattern ?? null));
    return isGranted ? [{ ...rule, action: 'allow' }, rule] : [rule];
  }
}

function keyOf(source: string, tool: string, pattern: string | null): string {
  return JSON.stringify([source, tool, pattern]);
}
