import {
  type CallHandler,
  type ExecutionContext,
  Injectable,
  type NestInterceptor,
  HttpException,
  PayloadTooLargeException,
} from '@nestjs/common';
import { isUuid, ProblemCode } from '@pizzapi/protocol';
import { catchError, finalize, from, type Observable, switchMap, throwError } from 'rxjs';
import type { Request } from 'express';
import { RelayConfig } from '../../../config/config.js';
import { invalid, notFound, ProblemError } from '../../../platform/http/problem.error.js';
import { bytesText, UploadSlots } from '../../attachments/index.js';
import type { AnyCaller, Caller } from '../../auth/index.js';
import { SessionAccess } from '../session-access.js';
import { sessionEnded } from '../session-ended.js';
import { isOpen } from '../session-status.js';

/** Names, boundaries and headers of the form around the file. */
const FORM_BYTES = 64 * 1024;

/** Stands before the upload: who may not send it is refused before a byte of it is kept, and a limit is named. */
@Injectable()
export class AdmitUpload implements NestInterceptor {
  constructor(
    private readonly access: SessionAccess,
    private readonly slots: UploadSlots,
    private readonly config: RelayConfig,
  ) {}

  intercept(context: ExecutionContext, next: CallHandler): Observable<unknown> {
    const request = context.switchToHttp().getRequest<Request & { caller: AnyCaller }>();
    return from(this.admit(request)).pipe(
      switchMap((done) => next.handle().pipe(finalize(done))),
      catchError((error: unknown) =>
        throwError(() => {
          if (error instanceof PayloadTooLargeException) return this.tooLarge();
          return error instanceof HttpException ? unreadable(error) : error;
        }),
      ),
    );
  }

  /** @returns to be called at its end */
  private async admit({ params, caller, headers }: Request & { caller: AnyCaller }): Promise<() => void> {
    if (caller.kind !== 'person') throw notFound('session');
    // Without one it is for a session that is yet to be started.
    if ('sessionId' in params) await this.admitTo(params['sessionId'], caller);
    if (Number(headers['content-length'] ?? 0) > this.config.attachmentBytes + FORM_BYTES) throw this.tooLarge();
    return this.slots.take(caller.userId);
  }

  private async admitTo(sessionId: unknown, caller: Caller): Promise<void> {
    if (typeof sessionId !== 'string' || !isUuid(sessionId)) throw notFound('session');
    const { status } = await this.access.require(sessionId, caller);
    if (!isOpen(status)) throw sessionEnded(status, 'resume it to send it a file');
  }

  private tooLarge(): ProblemError {
    return new ProblemError(
      413,
      ProblemCode.attachmentTooLarge,
      `The file is larger than ${bytesText(this.config.attachmentBytes)}, the most that this relay takes (PIZZAPI_MAX_ATTACHMENT_BYTES).`,
    );
  }
}

/** What the reader of the form says, which is not what to do. */
function unreadable({ message }: HttpException): ProblemError {
  return invalid(
    'file',
    `cannot be read (${message}); send one file in the field "file" as multipart/form-data, without other fields`,
  );
}
