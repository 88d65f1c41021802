import type { ChildEvent } from '../child/child-events.js';
import { SubagentFailedError } from '../subagent-error.js';
import type { SubagentCallContext } from '../subagent-host.js';

/** Ends one that would go on beyond the turns that it has; only those of hooks are bounded so. */
export function turnBound(
  { ofHook }: Pick<SubagentCallContext, 'ofHook'>,
  end: (error: SubagentFailedError) => void,
): (event: ChildEvent) => void {
  let turns = 0;
  return (event) => {
    if (!ofHook || event.type !== 'message_end') return;
    turns += 1;
    if (turns >= ofHook.maxTurns && event.message.stopReason === 'toolUse')
      end(new SubagentFailedError(`The subagent had no answer within ${ofHook.maxTurns} turns and was ended.`));
  };
}
