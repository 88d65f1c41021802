import { Injectable } from '@nestjs/common';
import type { LogPlace, ServiceLogLine } from '@pizzapi/protocol';
import { decodeListCursor, encodeListCursor, foreignCursor } from '../../platform/http/list-cursor.js';
import { AskRunner } from '../runners/index.js';

/** Reads a service's log in pages: the first one ends with the latest line, further ones go back in time. */
@Injectable()
export class ReadServiceLog {
  constructor(private readonly askRunner: AskRunner) {}

  /** @throws ProblemError `invalid_request` on another log's cursor, `service_unknown`, `runner_offline` */
  async run(
    { runnerId, serviceId }: { runnerId: string; serviceId: string },
    { limit, cursor }: { limit: number; cursor?: string },
  ): Promise<{ lines: ServiceLogLine[]; isTruncated: boolean; nextCursor?: string }> {
    const list = `log ${runnerId} ${serviceId}`;
    const before = cursor === undefined ? undefined : placeOf(decodeListCursor(list, cursor));
    const request = { serviceId, limit, ...(before && { before }) };
    const { lines, isTruncated, start } = await this.askRunner.serviceLog(runnerId, request);
    return {
      lines,
      isTruncated,
      ...(start && { nextCursor: encodeListCursor(list, `${start.line} ${start.file}`) }),
    };
  }
}

function placeOf(text: string): LogPlace {
  const [, line, file = ''] = /^(\d{1,15}) (.{0,40})$/.exec(text) ?? [];
  if (line === undefined) throw foreignCursor();
  return { file, line: Number(line) };
}
