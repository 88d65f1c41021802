import type { DaemonLink } from './daemon-link.js';
import { saidBy } from './service-fault.js';
import type { OpenServer, SpareServers } from './spare-servers.js';
import { serveStaticPanel } from './static-panel.js';

/** `announcePanel` was given something else than a port. */
export class PanelPortError extends TypeError {
  readonly code = 'panel_port';

  constructor(port: unknown) {
    super(`announcePanel: ${String(port)} is not a port; give it the port on which the panel's server listens`);
    this.name = 'PanelPortError';
  }
}

/** Where a service's panel is: at the port it announces, else at a server of ours with the panel's files. */
export class ServicePanel {
  private timer: NodeJS.Timeout | undefined;
  private announced: number | null = null;
  private files: OpenServer | null = null;

  /** @param dir null: no panel is declared, so none is served */
  constructor(
    private readonly dir: string | null,
    private readonly servers: SpareServers,
    private readonly link: DaemonLink,
  ) {}

  /** After this time the files are served. */
  waitForAnnouncement(ms: number): void {
    const { dir } = this;
    if (dir !== null) this.timer = setTimeout(() => void this.serveFiles(dir), ms);
  }

  /** The last port announced counts. @throws PanelPortError */
  announce(port: unknown): void {
    if (typeof port !== 'number' || !Number.isInteger(port) || port < 1 || port > 65_535)
      throw new PanelPortError(port);
    clearTimeout(this.timer);
    this.closeFiles();
    if (port === this.announced) return; // said again and again, it would fill the log
    this.announced = port;
    void this.link.tell({ type: 'panel', port });
  }

  private async serveFiles(dir: string): Promise<void> {
    try {
      const files = await serveStaticPanel(dir, this.servers);
      if (files === null) return await this.tellTrouble(`there is no folder ${dir} to serve instead`);
      await this.use(files);
    } catch (error) {
      await this.tellTrouble(`its files cannot be served: ${saidBy(error)}`);
    }
  }

  private tellTrouble(what: string): Promise<void> {
    return this.link.tell({ type: 'trouble', text: `announced no panel, and ${what}` });
  }

  private async use(files: OpenServer): Promise<void> {
    this.files = files;
    if (this.announced !== null) this.closeFiles();
    else await this.link.tell({ type: 'panel', port: files.port });
  }

  private closeFiles(): void {
    this.files?.server.close();
    this.files?.server.closeAllConnections();
    this.files = null;
  }
}
