import { Type, type Static } from 'typebox';
import { Compile } from 'typebox/compile';
import { readJsonFile, writePrivateFile } from '../../../files/private-file.js';
import { errorText, type Logger } from '../../../logging/logger.js';
import { endProcesses } from '../../../worker-state/end-processes.js';
import { isAlive, killGroup, processStartedAt } from '../../../worker-state/process-table.js';

const ProcessList = Type.Array(Type.Object({ pid: Type.Integer(), startedAt: Type.String() }));
type ProcessList = Static<typeof ProcessList>;
const validator = Compile(ProcessList);

/** A service that its daemon left behind usually ends by itself, in the time that `dispose` has. */
const LEFTOVER_GRACE_MS = 3_000;

/** Which processes are services: a daemon that was killed leaves those running whose event loop is blocked. */
export class ServiceProcessesFile {
  private processes: ProcessList;

  constructor(
    private readonly path: string,
    private readonly logger: Logger,
  ) {
    const content = readJsonFile(path);
    this.processes = validator.Check(content) ? content : [];
  }

  add(pid: number): void {
    this.change((known) => [...known, { pid, startedAt: processStartedAt(pid) ?? 'gone' }]);
  }

  remove(pid: number): void {
    this.change((known) => known.filter((process) => process.pid !== pid));
  }

  /** Ends what an earlier daemon left, so that a port is free and two don't do the same. Never rejects: services start all the same. */
  async endLeftovers(): Promise<void> {
    try {
      const left = this.processes.filter(isAlive);
      await endProcesses(left, LEFTOVER_GRACE_MS);
      for (const { pid } of left) killGroup(pid);
      this.change(() => []);
    } catch (error) {
      this.logger.error({ reason: errorText(error) }, 'cannot end the services that an earlier daemon left');
    }
  }

  /** Never throws: a service's start or end must not fail for it. */
  private change(change: (known: ProcessList) => ProcessList): void {
    try {
      this.processes = change(this.processes);
      writePrivateFile(this.path, `${JSON.stringify(this.processes)}\n`);
    } catch (error) {
      // Needed only where this daemon is killed while a service hangs.
      this.logger.warn({ reason: errorText(error) }, 'cannot write down which processes are services');
    }
  }
}
