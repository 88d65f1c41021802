import type { AgentSession } from '@earendil-works/pi-coding-agent';
import type { Plugin } from '@pizzapi/plugins';
import type { ApprovalDesk } from '../../approvals/approval-desk.js';
import type { SessionPlugins } from '../session-plugins.js';
import { askForTrust } from './ask-for-trust.js';
import type { PluginTrust } from './plugin-trust.js';

export interface TrustQuestionsParts {
  desk: ApprovalDesk;
  plugins: SessionPlugins;
  /** Null where no project brings any. */
  trust: PluginTrust | null;
}

/** A session's questions about the plugins of its project. */
export class TrustQuestions {
  constructor(private readonly parts: TrustQuestionsParts) {}

  /**
   * Asks about each. One that is trusted is the session's from its next turn on.
   * @param changed is told after each that joined
   * @param failed is told what went wrong with a question
   */
  ask(session: AgentSession, changed: () => void, failed: (error: unknown) => void): void {
    const { desk, plugins, trust } = this.parts;
    if (trust === null) return;
    for (const candidate of plugins.asked) {
      askForTrust(desk, trust, candidate, (_candidate, isTrusted) => {
        plugins.settle(candidate, isTrusted);
        if (isTrusted) join(session, candidate.plugin);
        changed();
      }).catch(failed);
    }
  }
}

/** All but the skills are read from the session's plugins where they are used. */
function join(session: AgentSession, { path: baseDir, skillFolders }: Plugin): void {
  if (skillFolders.length === 0) return;
  const metadata = { source: 'plugin', scope: 'project' as const, origin: 'top-level' as const, baseDir };
  session.resourceLoader.extendResources({ skillPaths: skillFolders.map((path) => ({ path, metadata })) });
  // Has pi write its prompt anew.
  session.setActiveToolsByName(session.getActiveToolNames());
}
