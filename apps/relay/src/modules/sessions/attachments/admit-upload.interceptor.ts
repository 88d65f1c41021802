import {
  type CallHandler,
  type ExecutionContext,
  Injectable,
  type NestInterceptor,
  PayloadTooLargeException,
} from '@nestjs/common';
import { isUuid, ProblemCode } from '@pizzapi/protocol';
import { catchError, from, type Observable, switchMap, throwError } from 'rxjs';
import type { Request } from 'express';
import { RelayConfig } from '../../../config/config.js';
import { conflict, notFound, ProblemError } from '../../../platform/http/problem.error.js';
import { bytesText } from '../../attachments/index.js';
import type { AnyCaller } from '../../auth/index.js';
import { SessionAccess } from '../session-access.js';
import { isOpen } from '../session-status.js';

/** Names, boundaries and headers of the form around the file. */
const FORM_BYTES = 64 * 1024;

/** Stands before the upload: who may not send it is refused before a byte of it is kept, and a limit is named. */
@Injectable()
export class AdmitUpload implements NestInterceptor {
  constructor(
    private readonly access: SessionAccess,
    private readonly config: RelayConfig,
  ) {}

  intercept(context: ExecutionContext, next: CallHandler): Observable<unknown> {
    const request = context.switchToHttp().getRequest<Request & { caller: AnyCaller }>();
    return from(this.admit(request)).pipe(
      switchMap(() => next.handle()),
      catchError((error: unknown) =>
        throwError(() => (error instanceof PayloadTooLargeException ? this.tooLarge() : error)),
      ),
    );
  }

  private async admit({ params, caller, headers }: Request & { caller: AnyCaller }): Promise<void> {
    const { sessionId } = params;
    if (typeof sessionId !== 'string' || !isUuid(sessionId) || caller.kind !== 'person') throw notFound('session');
    const { status } = await this.access.require(sessionId, caller);
    if (!isOpen(status))
      throw conflict(ProblemCode.sessionEnded, `The session is ${status}; resume it to send it a file.`);
    if (Number(headers['content-length'] ?? 0) > this.config.attachmentBytes + FORM_BYTES) throw this.tooLarge();
  }

  private tooLarge(): ProblemError {
    return new ProblemError(
      413,
      ProblemCode.attachmentTooLarge,
      `The file is larger than ${bytesText(this.config.attachmentBytes)}, the most that this relay takes (PIZZAPI_MAX_ATTACHMENT_BYTES).`,
    );
  }
}
