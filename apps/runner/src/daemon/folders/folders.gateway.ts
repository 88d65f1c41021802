import { Injectable, type OnModuleInit } from '@nestjs/common';
import { type FolderListing, ListFolders, ProblemCode } from '@pizzapi/protocol';
import type { RunnerConfig } from '../../config/runner-config.js';
import type { Logger } from '../../logging/logger.js';
import { answering, RequestRefusedError } from '../../relay-link/answering.js';
import { RelayConnection } from '../relay/relay-connection.js';
import { InjectConfig, InjectLogger } from '../settings/settings.module.js';
import { listFolder } from './folder-listing.js';
import { resolveWorkspaceFolder } from './workspace-roots.js';

@Injectable()
export class FoldersGateway implements OnModuleInit {
  constructor(
    @InjectConfig() private readonly config: RunnerConfig,
    @InjectLogger() private readonly logger: Logger,
    private readonly relay: RelayConnection,
  ) {}

  onModuleInit(): void {
    const list = answering('runner:list-folders', ListFolders, this.logger, async (request) => ({
      listing: await this.list(request),
    }));
    this.relay.socket?.on('runner:list-folders', list);
  }

  private async list({ path, ...page }: ListFolders): Promise<FolderListing> {
    const roots = this.config.workspaceRoots;
    const wanted = path ?? roots[0];
    if (wanted === undefined)
      throw new RequestRefusedError(ProblemCode.folderMissing, 'The runner has no workspace roots.');
    return listFolder(await resolveWorkspaceFolder(wanted, roots), roots, page);
  }
}
