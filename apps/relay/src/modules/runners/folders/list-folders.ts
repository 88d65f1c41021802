import { Injectable } from '@nestjs/common';
import type { FolderListing } from '@pizzapi/protocol';
import { decodeListCursor, encodeListCursor } from '../../../platform/http/list-cursor.js';
import { AskRunner } from '../connection/ask-runner.js';

export interface FolderPage extends Omit<FolderListing, 'last'> {
  nextCursor?: string;
}

/** A page of the folders in a folder of a runner. */
@Injectable()
export class ListFolders {
  constructor(private readonly askRunner: AskRunner) {}

  /** @throws ProblemError `invalid_request` on a cursor of another folder, `runner_offline`, or what the runner refuses with */
  async run(
    runnerId: string,
    { path, limit, cursor }: { path?: string; limit: number; cursor?: string },
  ): Promise<FolderPage> {
    const list = `folders ${runnerId} ${path ?? ''}`;
    const { last, ...listing } = await this.askRunner.folders(runnerId, {
      limit,
      ...(path !== undefined && { path }),
      ...(cursor !== undefined && { after: decodeListCursor(list, cursor) }),
    });
    return { ...listing, ...(last !== undefined && { nextCursor: encodeListCursor(list, last) }) };
  }
}
