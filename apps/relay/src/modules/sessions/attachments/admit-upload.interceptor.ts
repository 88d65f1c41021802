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

/** Allowance for the form around the file: names, boundaries, headers. */
const FORM_BYTES = 64 * 1024;

/** Checks an upload before any of it is stored: whether the caller may send it, and whether it is too large. */
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

  /** @returns a function to be called when the upload ends */
  private async admit({ params, caller, headers }: Request & { caller: AnyCaller }): Promise<() => void> {
    if (caller.kind !== 'person') throw notFound('session');
    // Without a session it is for one that is yet to be started.
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

/** Wraps a message of the form parser, which does not say what to do. */
function unreadable({ message }: HttpException): ProblemError {
  return invalid(
    'file',
    `cannot be read (${message}); send one file in the field "file" as multipart/form-data, without other fields`,
  );
}
