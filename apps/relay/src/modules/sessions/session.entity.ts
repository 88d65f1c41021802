import type {
  Activity,
  ForkOrigin,
  ModelRef,
  SandboxFrame,
  SandboxState,
  SessionFailure,
  SessionStatus,
  SessionUsage,
  WaitingQuestions,
} from '@pizzapi/protocol';
import { Column, Entity, PrimaryColumn } from 'typeorm';
import { isoTime } from '../../platform/database/iso-time.js';
import { wholeNumber } from '../../platform/database/whole-number.js';

/** One agent conversation. What is live (who is attached) is not here but in Redis. */
@Entity('sessions')
export class SessionEntity {
  @PrimaryColumn('varchar', { name: 'session_id' })
  sessionId!: string;

  @Column('varchar', { name: 'organisation_id' })
  organisationId!: string;

  @Column('varchar', { name: 'owner_id' })
  ownerId!: string;

  @Column('varchar', { name: 'runner_id' })
  runnerId!: string;

  @Column('varchar', { name: 'parent_session_id', nullable: true })
  parentSessionId!: string | null;

  /** The session at the top of its tree, also after that was deleted. Null: itself. */
  @Column('varchar', { name: 'root_session_id', nullable: true })
  rootSessionId!: string | null;

  /** The session whose conversation it goes on with. Null: it began by itself. */
  @Column('simple-json', { name: 'forked_from', nullable: true })
  forkedFrom!: ForkOrigin | null;

  /** How many sessions stand above it. */
  @Column('integer')
  depth!: number;

  @Column('varchar')
  name!: string;

  /** As asked for until the runner reports where it really is; empty means the runner's first root. */
  @Column('varchar')
  cwd!: string;

  /** Its folder was decided about by its real path (a confined parent's child): the runner refuses one that leads elsewhere by then. */
  @Column('boolean', { name: 'is_folder_real', default: false })
  isFolderReal!: boolean;

  @Column('varchar', { name: 'model_provider', nullable: true })
  modelProvider!: string | null;

  @Column('varchar', { name: 'model_id', nullable: true })
  modelId!: string | null;

  @Column('varchar')
  status!: SessionStatus;

  @Column('varchar', { nullable: true })
  activity!: Activity | null;

  @Column('simple-json', { nullable: true })
  failure!: SessionFailure | null;

  @Column('simple-json', { nullable: true })
  usage!: SessionUsage | null;

  /** How tightly its tools are confined at least, because those of the session that started it are. Null: as its runner says. */
  @Column('simple-json', { name: 'sandbox_frame', nullable: true })
  sandboxFrame!: SandboxFrame | null;

  /** How its tools are confined. Null: its worker has not said. */
  @Column('simple-json', { nullable: true })
  sandbox!: SandboxState | null;

  /** What its agent and others in it ask people. Null: nothing. */
  @Column('simple-json', { nullable: true })
  questions!: WaitingQuestions | null;

  @Column('boolean', { name: 'is_pinned' })
  isPinned!: boolean;

  /** The transcript holds every finished entry up to this event number. */
  @Column('integer', { name: 'transcribed_seq' })
  transcribedSeq!: number;

  /** The number of the last event that changed the branch, as far as the transcript heeds it; 0: none has. */
  @Column('integer', { name: 'branch_seq', default: 0 })
  branchSeq!: number;

  /** What began and has not finished, by message or tool call id, with the number of the event that began it. */
  @Column('simple-json', { name: 'open_items' })
  openItems!: Record<string, number>;

  /** A turn was cut off and waits behind "Continue". */
  @Column('boolean', { name: 'is_interrupted' })
  isInterrupted!: boolean;

  /** It was told to stop and its worker has not ended yet: it starts no more children. */
  @Column('boolean', { name: 'is_stopping' })
  isStopping!: boolean;

  /** When a worker first ran it. Null: there is no session file yet, so a spawn starts it instead of resuming. */
  @Column('varchar', { name: 'started_at', nullable: true, transformer: isoTime })
  startedAt!: Date | null;

  /** Events up to this number are of earlier runs; their end says nothing about the present one. */
  @Column('integer', { name: 'spawned_seq' })
  spawnedSeq!: number;

  /** The listener that started it, and the trigger it was started for. */
  @Column('varchar', { name: 'listener_id', nullable: true })
  listenerId!: string | null;

  @Column('varchar', { name: 'trigger_id', nullable: true })
  triggerId!: string | null;

  /** Of those that one listener started: in which order their triggers were accepted. */
  @Column('varchar', { name: 'trigger_order', nullable: true })
  triggerOrder!: string | null;

  /** Pending, and not ordered yet: its listener has as many sessions as it may. */
  @Column('boolean', { name: 'is_held' })
  isHeld!: boolean;

  /** How long its order may wait for a runner that is away. Null: the relay's default. */
  @Column('bigint', { name: 'max_wait_ms', nullable: true, transformer: wholeNumber })
  maxWaitMs!: number | null;

  /** Since when its order waits for the runner. */
  @Column('varchar', { name: 'waits_since', nullable: true, transformer: isoTime })
  waitsSince!: Date | null;

  /** When it first fell idle after working. Until then it takes one of its listener's places (`maxConcurrent`). */
  @Column('varchar', { name: 'first_turn_at', nullable: true, transformer: isoTime })
  firstTurnAt!: Date | null;

  /** Started for a trigger that came while its runner was away, by a listener that wants the latest of those only. */
  @Column('boolean', { name: 'is_missed_run' })
  isMissedRun!: boolean;

  /** Name, folder and model, folded for search (`search-text.ts`). Written by `change-session.ts` only. */
  @Column('text', { name: 'search_text', select: false })
  searchText!: string;

  @Column('varchar', { name: 'created_at', transformer: isoTime })
  createdAt!: Date;

  @Column('varchar', { name: 'updated_at', transformer: isoTime })
  updatedAt!: Date;
}

/** The model that a session or a listener names; null: it leaves the choice to the runner. */
export function modelOf({ modelProvider, modelId }: Pick<SessionEntity, 'modelProvider' | 'modelId'>): ModelRef | null {
  return modelProvider !== null && modelId !== null ? { provider: modelProvider, id: modelId } : null;
}
