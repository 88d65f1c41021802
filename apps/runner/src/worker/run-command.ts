import type { AgentCommand } from '@pizzapi/protocol';
import type { AgentSession } from './agent-session.js';

/** Carries out a command of the relay; a failure's code and sentence become the answer. */
export async function runCommand(agent: AgentSession, command: AgentCommand): Promise<object> {
  switch (command.command) {
    case 'abort':
      await agent.abort();
      break;
    case 'continue':
      agent.continueTurn();
      break;
    case 'set-model':
      await agent.setModel(command.model);
      break;
    case 'branch':
      await agent.branch(command.entryId, command.at);
      break;
    case 'set-name':
      agent.setName(command.name);
      break;
    case 'edit-input':
      agent.editInput(command.inputId, command.text);
      break;
    case 'remove-input':
      agent.removeInput(command.inputId);
      break;
    case 'answer-approval':
      agent.answerApproval(command.approvalId, command.answer, command.by);
      break;
    case 'hand-up-approval': {
      const { approvalId, by, reason } = command;
      agent.handUpApproval(approvalId, { ...by, ...(reason !== undefined && { reason }) });
      break;
    }
  }
  return {};
}
