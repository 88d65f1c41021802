import { SubagentLimits } from '@pizzapi/protocol';
import type { Place, RunResult, SubagentCallContext, SubagentHost } from '../subagent-host.js';
import { ordersIn, type SubagentOrder, type SubagentParameters } from '../subagent-parameters.js';
import { resultText, type StepResult } from '../subagent-text.js';
import { runStep } from './run-step.js';
import { Slots } from './slots.js';

/** An order and its step in the call's progress. */
interface Numbered {
  order: SubagentOrder;
  at: number;
}

/**
 * Does what one call asks for: one task, several at once, or a chain.
 * @throws SubagentRefusedError when it asks for none of them
 */
export async function runOrders(
  host: SubagentHost,
  call: SubagentCallContext,
  parameters: SubagentParameters,
  place: Place,
): Promise<RunResult> {
  const { mode, orders } = ordersIn(parameters);
  const numbered = orders.map((order) => ({
    order,
    at: call.progress.addStep(order.agent, order.task, place.startedBy),
  }));
  // One that waits for its own subagents must not take their places.
  const slots = place.depth === 1 ? host.slots : new Slots(SubagentLimits.concurrent);
  const run = (order: SubagentOrder, at: number): Promise<StepResult> =>
    slots.run(() => runStep(host, call, order, at, place));
  const results =
    mode === 'chain'
      ? await runChain(call, numbered, run)
      : await Promise.all(numbered.map(({ order, at }) => run(order, at)));
  const failed = results.filter(({ answer }) => answer === null).length;
  // Of independent tasks some may fail.
  return { text: resultText(mode, results), isFailed: mode === 'parallel' ? failed === results.length : failed > 0 };
}

/** Each with the answer of the one before; the first that fails ends it. */
async function runChain(
  { progress }: SubagentCallContext,
  numbered: readonly Numbered[],
  run: (order: SubagentOrder, at: number) => Promise<StepResult>,
): Promise<StepResult[]> {
  const results: StepResult[] = [];
  for (const { order, at } of numbered) {
    const previous = results.at(-1);
    if (previous?.answer === null) {
      progress.change(at, { state: 'skipped' });
      results.push({ agent: order.agent, answer: null, problem: previous.problem });
      continue;
    }
    // A function, because an answer may hold signs that a replacement text gives a meaning to.
    const task = order.task.replaceAll('{previous}', () => previous?.answer ?? '');
    results.push(await run({ ...order, task }, at));
  }
  return results;
}
