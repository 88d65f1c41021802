import { judge, refuseSecretFolder, type SandboxPolicy } from '@pizzapi/sandbox';
import type { SandboxSetup } from '../sandbox/sandbox-setup.js';
import { type InstructionFile, type Instructions, judgedInstructions, readInstructions } from './instruction-files.js';
import { isProjectTrusted } from './project-trust.js';

/** The rules for what a session's worker reads on its behalf. The worker is outside of the sandbox, but must read as if it were inside. */
export class FolderRules {
  /** Instructions of the session's folder that were not read. */
  unread: Instructions['problems'] = [];

  constructor(
    readonly agentDir: string,
    private readonly setup: SandboxSetup | undefined,
  ) {}

  /** How the session's tools are confined now; null: they are not. */
  get sandbox(): SandboxPolicy | null {
    return this.setup?.sandbox?.policy ?? null;
  }

  /** Whether the session's tools could read what lies there. */
  readonly mayRead = (realPath: string): boolean =>
    this.sandbox === null || judge(this.sandbox, { kind: 'read', path: realPath }) === null;

  /** Of what pi found for the session itself, what it may read. */
  readonly judgeFound = ({ agentsFiles }: { agentsFiles: InstructionFile[] }): { agentsFiles: InstructionFile[] } => {
    const { files, problems } = judgedInstructions(agentsFiles, this.mayRead);
    this.unread = problems;
    return { agentsFiles: files };
  };

  /** What a folder's `AGENTS.md` and its like say, as they are now. */
  instructionsIn(folder: string): Instructions {
    return readInstructions(folder, this.agentDir, this.mayRead);
  }

  /** Whether pi's own settings and skills of a folder hold there, as it is now. */
  isTrusted(folder: string): boolean {
    return isProjectTrusted(folder, this.agentDir, this.sandbox);
  }

  /** @throws SecretFolderError when nobody may work there */
  refuseSecret(folder: string): void {
    if (this.sandbox) refuseSecretFolder(this.sandbox, folder);
  }
}
