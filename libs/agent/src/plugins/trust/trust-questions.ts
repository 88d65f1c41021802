import type { AgentSession } from '@earendil-works/pi-coding-agent';
import { isUnchanged, type Plugin, type ProjectPlugin } from '@pizzapi/plugins';
import type { ApprovalDesk } from '../../approvals/approval-desk.js';
import { readPluginToTrust } from '../read-plugins.js';
import type { SessionPlugins } from '../session-plugins.js';
import { askForTrust } from './ask-for-trust.js';
import type { PluginTrust } from './plugin-trust.js';

export interface TrustQuestionsParts {
  desk: ApprovalDesk;
  plugins: SessionPlugins;
  /** Null where no project brings any. */
  trust: PluginTrust | null;
}

interface Asking {
  session: AgentSession;
  /** Told after each change of the plugins that the session uses. */
  changed: () => void;
  /** A plugin of the project is used from now on, or not any more. */
  joined: (plugin: ProjectPlugin) => void;
  left: (plugin: ProjectPlugin) => void;
  /** Told what went wrong with a question. */
  failed: (error: unknown) => void;
}

/** A session's questions about the plugins of its project. */
export class TrustQuestions {
  #asking: Asking | null = null;

  constructor(private readonly parts: TrustQuestionsParts) {}

  /** Asks about each. One that is trusted is the session's from its next turn on. */
  begin(asking: Asking): void {
    this.#asking = asking;
    for (const candidate of this.parts.plugins.asked) this.#ask(candidate);
  }

  /** Leaves out what is not any more what was trusted, and asks about it anew. */
  async recheck(): Promise<void> {
    const { plugins } = this.parts;
    for (const former of plugins.ofProject) {
      if (await isUnchanged(former)) continue;
      // Before anything else can go wrong.
      plugins.leaveOut(former);
      this.#asking?.left(former);
      refresh(this.#asking?.session);
      this.#asking?.changed();
      await this.#judgeAnew(former);
    }
  }

  #ask(candidate: ProjectPlugin): void {
    const { desk, trust } = this.parts;
    const asking = this.#asking;
    if (trust === null || asking === null) return;
    askForTrust(desk, trust, candidate, (_candidate, isTrusted) => this.#answered(asking, candidate, isTrusted)).catch(
      asking.failed,
    );
  }

  /** What was agreed to may not be what is there any more. */
  async #answered(asking: Asking, candidate: ProjectPlugin, isTrusted: boolean): Promise<void> {
    const { plugins } = this.parts;
    if (isTrusted && !(await isUnchanged(candidate))) {
      plugins.forget(candidate);
      asking.changed();
      return this.#judgeAnew(candidate);
    }
    this.#settle(asking, candidate, isTrusted);
  }

  #settle(asking: Asking, candidate: ProjectPlugin, isTrusted: boolean): void {
    this.parts.plugins.settle(candidate, isTrusted);
    if (isTrusted) {
      join(asking.session, candidate.plugin);
      asking.joined(candidate);
    }
    asking.changed();
  }

  /** By what people said of the content that is there now; where nobody said anything they are asked. */
  async #judgeAnew({ plugin: { path }, installedAs }: ProjectPlugin): Promise<void> {
    const { plugins, trust } = this.parts;
    const { plugin: now } = await readPluginToTrust(path, installedAs);
    const asking = this.#asking;
    if (now === null || asking === null) return;
    const answer = trust?.answerOn({ path: now.plugin.path, hash: now.hash }) ?? null;
    if (answer !== null) return this.#settle(asking, now, answer === 'trusted');
    plugins.askAbout(now);
    asking.changed();
    this.#ask(now);
  }
}

/** All but the skills and the MCP servers are read from the session's plugins where they are used. */
function join(session: AgentSession, { path: baseDir, skillFolders }: Plugin): void {
  const metadata = { source: 'plugin', scope: 'project' as const, origin: 'top-level' as const, baseDir };
  session.resourceLoader.extendResources({ skillPaths: skillFolders.map((path) => ({ path, metadata })) });
  refresh(session);
}

/** Has pi look at its skills again, of which the session's plugins keep some out, and write its prompt anew. */
function refresh(session: AgentSession | undefined): void {
  if (!session) return;
  const [known] = session.resourceLoader.getSkills().skills;
  if (known) {
    const { filePath: path, sourceInfo } = known;
    session.resourceLoader.extendResources({ skillPaths: [{ path, metadata: sourceInfo }] });
  }
  session.setActiveToolsByName(session.getActiveToolNames());
}
