/** Stable `code`s of RFC 9457 answers and of refusals over a socket. */
export const ProblemCode = {
  invalidRequest: 'invalid_request',
  unauthenticated: 'unauthenticated',
  forbidden: 'forbidden',
  originRefused: 'origin_refused',
  notFound: 'not_found',
  conflict: 'conflict',
  idempotencyMismatch: 'idempotency_mismatch',
  bodyTooLarge: 'body_too_large',
  promptTooLarge: 'prompt_too_large',
  rateLimited: 'rate_limited',
  unavailable: 'unavailable',
  internal: 'internal_error',
  storageFull: 'storage_full',

  emailTaken: 'email_taken',
  wrongCredentials: 'wrong_credentials',
  registrationClosed: 'registration_closed',
  invitationInvalid: 'invitation_invalid',
  setupCodeInvalid: 'setup_code_invalid',
  keyRevoked: 'key_revoked',

  runnerOffline: 'runner_offline',
  runnerIdTaken: 'runner_id_taken',
  folderMissing: 'folder_missing',
  configInvalid: 'config_invalid',
  folderOutsideRoots: 'folder_outside_roots',
  modelUnknown: 'model_unknown',
  noModelConfigured: 'no_model_configured',

  agentUnknown: 'agent_unknown',
  agentFileInvalid: 'agent_file_invalid',
  agentNotTrusted: 'agent_not_trusted',
  subagentRefused: 'subagent_refused',
  subagentFailed: 'subagent_failed',
  subagentDied: 'subagent_died',
  subagentTimedOut: 'subagent_timed_out',
  subagentAborted: 'subagent_aborted',

  sessionEnded: 'session_ended',
  sessionNotEnded: 'session_not_ended',
  sessionDisconnected: 'session_disconnected',
  sessionFileCorrupt: 'session_file_corrupt',
  sessionFileMissing: 'session_file_missing',
  sessionFileLocked: 'session_file_locked',
  inputDelivered: 'input_already_delivered',
  approvalAnswered: 'approval_answered',
  reservedForPeople: 'reserved_for_people',
  childDepthExceeded: 'child_depth_exceeded',
  tooManyChildren: 'too_many_children',
  workerCrashed: 'worker_crashed',
  workerStartFailed: 'worker_start_failed',
  unknownTriggerType: 'unknown_trigger_type',
  payloadTooLarge: 'payload_too_large',
  payloadInvalid: 'payload_invalid',
  triggerTypeDisabled: 'trigger_type_disabled',
  tooManySubscriptions: 'too_many_subscriptions',
  tooManyListeners: 'too_many_listeners',
  spawnExpired: 'spawn_expired',
  deliveryExpired: 'delivery_expired',
  sessionDeleted: 'session_deleted',
  sessionCancelled: 'session_cancelled',
  sessionFailed: 'session_failed',
  fanOutFailed: 'fan_out_failed',
  listenerGone: 'listener_gone',
  missedWhileAway: 'missed_while_away',
  serviceUnknown: 'service_unknown',
  serviceNotRunning: 'service_not_running',
  portRefused: 'port_refused',
  tooManyTunnels: 'too_many_tunnels',
  tunnelOffline: 'tunnel_offline',
  tunnelBusy: 'tunnel_busy',
  tunnelDomainMissing: 'tunnel_domain_missing',
  tunnelAddressInvalid: 'tunnel_address_invalid',
  serviceUnreachable: 'service_unreachable',
  serviceAnswerInvalid: 'service_answer_invalid',

  epochSuperseded: 'epoch_superseded',
  sequenceGap: 'sequence_gap',
  malformedMessage: 'malformed_message',
  flooding: 'flooding',
  protocolTooOld: 'protocol_too_old',
} as const;
export type ProblemCode = (typeof ProblemCode)[keyof typeof ProblemCode];

/** A refusal over a socket: the same code and sentence as REST would give. */
export interface SocketProblem {
  code: ProblemCode;
  detail: string;
}

/** Every socket request is acknowledged by one of these. */
export type SocketAnswer<T extends object = object> = ({ ok: true } & T) | { ok: false; problem: SocketProblem };
