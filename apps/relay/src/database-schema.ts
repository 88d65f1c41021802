import { Accounts1732170000001 } from './migrations/1732170000001-accounts.js';
import { RunnersAndSessions1732170000002 } from './migrations/1732170000002-runners-and-sessions.js';
import { Triggers1732170000003 } from './migrations/1732170000003-triggers.js';
import { Tunnels1732170000004 } from './migrations/1732170000004-tunnels.js';
import { ServiceKeys1732170000005 } from './migrations/1732170000005-service-keys.js';
import { Approvals1732170000006 } from './migrations/1732170000006-approvals.js';
import { Children1732170000007 } from './migrations/1732170000007-children.js';
import { Sandbox1732170000008 } from './migrations/1732170000008-sandbox.js';
import { RunnerSandbox1732170000009 } from './migrations/1732170000009-runner-sandbox.js';
import { Attachments1732170000010 } from './migrations/1732170000010-attachments.js';
import { AgentPolicies1732170000011 } from './migrations/1732170000011-agent-policies.js';
import { AttachmentOwners1732170000013 } from './migrations/1732170000013-attachment-owners.js';
import { Branches1732170000012 } from './migrations/1732170000012-branches.js';
import { StoppingSessions1732170000014 } from './migrations/1732170000014-stopping-sessions.js';
import { SessionQuestions1732170000015 } from './migrations/1732170000015-session-questions.js';
import { RealFolders1732170000016 } from './migrations/1732170000016-real-folders.js';
import { TriggerOrder1732170000017 } from './migrations/1732170000017-trigger-order.js';
import { TunnelPolicies1732170000019 } from './migrations/1732170000019-tunnel-policies.js';
import { SandboxFrames1732170000020 } from './migrations/1732170000020-sandbox-frames.js';
import { Forks1732170000021 } from './migrations/1732170000021-forks.js';
import { RunnerAbilities1732170000022 } from './migrations/1732170000022-runner-abilities.js';
import { OutputBytes1732170000023 } from './migrations/1732170000023-output-bytes.js';
import { ApprovalEntity } from './modules/approvals/index.js';
import { AttachmentEntity } from './modules/attachments/index.js';
import { ApiKeyEntity, FirstAccountEntity, MemberEntity, UserEntity } from './modules/auth/index.js';
import { ListenerEntity } from './modules/listeners/index.js';
import { DeadLetterEntity } from './modules/dead-letters/index.js';
import { AgentPolicyEntity, InvitationEntity, OrganisationEntity } from './modules/orgs/index.js';
import { RunnerEntity } from './modules/runners/index.js';
import { ChildReportEntity, SessionEntity } from './modules/sessions/index.js';
import { TranscriptEntryEntity } from './modules/transcripts/index.js';
import { SubscriptionEntity } from './modules/triggers/index.js';
import { TunnelEntity, TunnelPolicyEntity } from './modules/tunnel/index.js';
import type { DatabaseSchema } from './platform/database/database.module.js';

/** Every table of the relay, and the way there. */
export const databaseSchema: DatabaseSchema = {
  entities: [
    UserEntity,
    MemberEntity,
    FirstAccountEntity,
    ApiKeyEntity,
    OrganisationEntity,
    AgentPolicyEntity,
    InvitationEntity,
    RunnerEntity,
    SessionEntity,
    TranscriptEntryEntity,
    ApprovalEntity,
    AttachmentEntity,
    ChildReportEntity,
    SubscriptionEntity,
    ListenerEntity,
    DeadLetterEntity,
    TunnelEntity,
    TunnelPolicyEntity,
  ],
  migrations: [
    Accounts1732170000001,
    RunnersAndSessions1732170000002,
    Triggers1732170000003,
    Tunnels1732170000004,
    ServiceKeys1732170000005,
    Approvals1732170000006,
    Children1732170000007,
    Sandbox1732170000008,
    RunnerSandbox1732170000009,
    Attachments1732170000010,
    AgentPolicies1732170000011,
    Branches1732170000012,
    AttachmentOwners1732170000013,
    StoppingSessions1732170000014,
    SessionQuestions1732170000015,
    RealFolders1732170000016,
    TriggerOrder1732170000017,
    TunnelPolicies1732170000019,
    SandboxFrames1732170000020,
    Forks1732170000021,
    RunnerAbilities1732170000022,
    OutputBytes1732170000023,
  ],
};
