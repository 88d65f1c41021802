import { SubagentLimits, type SubagentMode } from '@pizzapi/protocol';
import { Type, type Static } from 'typebox';
import { SubagentRefusedError } from './subagent-error.js';

const agent = Type.String({ minLength: 1, maxLength: 64, description: 'The name of an agent.' });
const task = Type.String({
  minLength: 1,
  maxLength: 50_000,
  description: 'What it is to do. It knows nothing of this conversation: say all that it needs.',
});
const model = Type.Optional(
  Type.String({ maxLength: 300, description: 'Another model than the agent\'s own, as "provider/id".' }),
);
const cwd = Type.Optional(
  Type.String({ maxLength: 4_096, description: "The folder to work in. Default: this session's." }),
);
const Order = Type.Object({ agent, task, model, cwd });

/** One agent's order. In a chain, `{previous}` in the task stands for the answer of the step before. */
export type SubagentOrder = Static<typeof Order>;

/** One of three forms. As one object, because models fill in unions badly. */
export const SubagentParameters = Type.Object({
  agent: Type.Optional(agent),
  task: Type.Optional(task),
  model,
  cwd,
  tasks: Type.Optional(
    Type.Array(Order, {
      minItems: 1,
      maxItems: SubagentLimits.tasks,
      description: 'Independent tasks, done in parallel.',
    }),
  ),
  chain: Type.Optional(
    Type.Array(Order, {
      minItems: 1,
      maxItems: SubagentLimits.tasks,
      description: 'Steps, one after the other. {previous} in a task is replaced by the answer of the step before.',
    }),
  ),
});
export type SubagentParameters = Static<typeof SubagentParameters>;

/** @throws SubagentRefusedError for none of the three forms, or more than one */
export function ordersIn(call: SubagentParameters): { mode: SubagentMode; orders: SubagentOrder[] } {
  const { tasks, chain, ...single } = call;
  const isSingle = single.agent !== undefined || single.task !== undefined;
  if ([isSingle, tasks !== undefined, chain !== undefined].filter(Boolean).length !== 1)
    throw new SubagentRefusedError('Give one of three: "agent" and "task", or "tasks", or "chain".');
  if (tasks) return { mode: 'parallel', orders: tasks };
  if (chain) return { mode: 'chain', orders: chain };
  if (single.agent === undefined || single.task === undefined)
    throw new SubagentRefusedError('Give both "agent" and "task".');
  return { mode: 'single', orders: [{ ...single, agent: single.agent, task: single.task }] };
}
