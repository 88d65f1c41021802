import type { ApprovalRequest, SandboxViolation, SettledApproval } from '@pizzapi/protocol';
import type { Problem, Retry, RunningTool } from './conversation';
import type { GrowingText } from './growing-text';
import type { AssistantItem, NoticeItem, ToolItem, TriggerItem, UserItem, ViolationItem } from './transcript-item';

/** One tool call and what is known of it: its arguments, its output while it runs, its result. */
export interface ToolCall {
  readonly toolCallId: string;
  readonly toolName: string;
  readonly seq: number;
  /** Undefined while they are still being written, and where the call itself is not in memory. */
  readonly args: unknown;
  readonly argsText: GrowingText | null;
  readonly running: RunningTool | null;
  readonly result: ToolItem | null;
  readonly durationMs: number | null;
  /** What the sandbox blocked. */
  readonly violations: readonly SandboxViolation[];
}
interface RowBase {
  readonly key: string;
  readonly seq: number;
}
export interface ToolsRow extends RowBase {
  readonly kind: 'tools';
  readonly calls: readonly ToolCall[];
}
/** A call that delegates to other agents: shown as a card of its own. */
export interface SubagentsRow extends RowBase {
  readonly kind: 'subagents';
  readonly call: ToolCall;
}
export interface TextRow extends RowBase {
  readonly kind: 'text';
  readonly text: string | GrowingText;
  readonly isLive: boolean;
}
export interface ThinkingRow extends RowBase {
  readonly kind: 'thinking';
  readonly text: string | GrowingText;
  readonly isLive: boolean;
  readonly durationMs: number | null;
}
/** How a message ended that did not end well; attempts that failed alike share one row. */
export interface EndingRow extends RowBase {
  readonly kind: 'ending';
  readonly item: AssistantItem;
  readonly times: number;
}
export interface RetryRow extends RowBase {
  readonly kind: 'retry';
  readonly retry: Retry;
  /** Its cause is in the row before. */
  readonly isCauseSaid: boolean;
}
/** A question to a person; `settled` tells how it ended. */
export interface ApprovalRow extends RowBase {
  readonly kind: 'approval';
  readonly request: ApprovalRequest;
  readonly settled: SettledApproval | null;
}
export type Row =
  | ToolsRow
  | SubagentsRow
  | TextRow
  | ThinkingRow
  | (RowBase & { readonly kind: 'user'; readonly item: UserItem })
  | (RowBase & { readonly kind: 'trigger'; readonly item: TriggerItem })
  | (RowBase & { readonly kind: 'notice'; readonly item: NoticeItem })
  /** For a call that is not in memory: all others show it in the call's own row. */
  | (RowBase & { readonly kind: 'violation'; readonly item: ViolationItem })
  | EndingRow
  | ApprovalRow
  | (RowBase & { readonly kind: 'problem'; readonly problem: Problem })
  | RetryRow
  | (RowBase & { readonly kind: 'compaction' })
  | (RowBase & { readonly kind: 'hookStatus'; readonly text: string })
  | (RowBase & { readonly kind: 'continue' });
