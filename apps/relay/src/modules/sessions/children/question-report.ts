import { type ApprovalRequest, ChildTrigger, mayParentAnswer } from '@pizzapi/protocol';
import { cut } from './cut.js';
import type { NewReport } from './note-report.js';

interface AskingChild {
  sessionId: string;
  parentSessionId: string;
  name: string;
}

/** What a parent is told about a child's question. Of one that only people may answer, it merely hears that it was asked. */
export function questionReport(child: AskingChild, request: ApprovalRequest, seq: number): NewReport {
  const { sessionId, parentSessionId, name } = child;
  const { approvalId, subject, deadline } = request;
  const mayAnswer = mayParentAnswer(request);
  const common = { fact: approvalId, sessionId, parentSessionId, approvalId, ordinal: seq };
  // The words of an MCP server are not passed on to another session's model.
  if (subject.kind === 'consent' || (subject.kind === 'question' && subject.server !== undefined)) {
    const payload = { sessionId, name, deadline, mayAnswer };
    const what =
      subject.kind === 'consent' ? 'asks for a person’s consent' : 'waits for a person to answer an MCP server';
    return { ...common, type: ChildTrigger.approval, payload, summary: `${name} ${what}` };
  }
  if (subject.kind === 'question') {
    const { question, options, isPlan, agent } = subject;
    if (isPlan === true) {
      const payload = { sessionId, name, plan: question, options, deadline };
      return { ...common, type: ChildTrigger.plan, payload, summary: `${name} proposes a plan: ${question}` };
    }
    const payload = { sessionId, name, question, options, deadline, ...(agent !== undefined && { agent }) };
    const who = agent === undefined ? name : `${name} (its subagent ${agent})`;
    return { ...common, type: ChildTrigger.question, payload, summary: `${who} asks: ${question}` };
  }
  const { toolName, args } = subject;
  const call = cut(JSON.stringify(args) ?? 'null');
  const payload = { sessionId, name, toolName, call, deadline, mayAnswer };
  return { ...common, type: ChildTrigger.approval, payload, summary: `${name} asks whether ${toolName} may run` };
}
