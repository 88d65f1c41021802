import type {
  ApprovalAnswer,
  ApprovalPerson,
  BranchPoint,
  FoundFiles,
  InboxItem,
  ModelRef,
  OutputPiece,
  PolicyNotice,
  SessionEventData,
  UnknownPolicy,
} from '@pizzapi/protocol';

/** What a worker needs of an agent; `@pizzapi/agent` gives it. */
export interface AgentSession {
  /** Nothing runs, waits or was cut off. */
  readonly isAtRest: boolean;
  /** The listener is called once another process has taken the session's file: this one writes nothing there any more, and is to end. */
  onFileLost(listener: () => void): void;
  /** Begins to emit and to work. */
  start(): void;
  /** Resolves once the deliveries are in the session's file; those it already holds are skipped. */
  receive(items: InboxItem[]): Promise<void>;
  editInput(inputId: string, text: string): void;
  removeInput(inputId: string): void;
  /** The first answer counts; throws for any other. */
  answerApproval(approvalId: string, answer: ApprovalAnswer, by: ApprovalPerson): void;
  handUpApproval(approvalId: string, by: { sessionId: string; name: string; reason?: string }): void;
  abort(): Promise<void>;
  continueTurn(): void;
  /** Rejects while it works. */
  branch(entryId: string, at: BranchPoint): Promise<void>;
  setModel(model: ModelRef): Promise<void>;
  setName(name: string): void;
  /** Files of its working folder, the best first. */
  findFiles(query: string, limit: number): Promise<FoundFiles>;
  /** A piece of what a finished tool call put out; throws for an entry that is no tool's result. */
  readOutput(entryId: string, from: number): OutputPiece;
  /** Brings the file to rest, emits `session.closed` and lets go of the file. */
  close(reason: SessionEventData<'session.closed'>['reason']): Promise<void>;
  /** The entries of the file after that one, in its order; all of them for null or an unknown id. */
  entriesAfter(entryId: string | null): SessionEventData<'entry.appended'>[];
}

/**
 * Whether this process can enforce its organisation's current policy, or another one has to take its place: with `anew` at once, because it must
 * not go on like this; with `anew-at-rest` when its agent rests, because it is merely confined more than necessary.
 */
export type PolicyHold = 'held' | 'anew' | 'anew-at-rest';

/** A session's agent, and how it follows its organisation. */
export interface OpenedAgent {
  agent: AgentSession;
  /** What holds from now on. */
  followPolicy: (notice: PolicyNotice) => Promise<PolicyHold>;
  /** The current policy is not understood: the last one that was stays in force, and people are told so. */
  keepPolicy: (news: UnknownPolicy) => void;
}
