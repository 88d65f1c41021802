import { Service, inject } from '@angular/core';
import { removeAttachment } from '@pizzapi/api-client';
import type { Attachment } from '@pizzapi/protocol';
import { has, isCount } from '../shape';
import { ApiProblem, asProblem, expected, jsonOf, networkProblem } from './api-problem';
import { RelayClient } from './relay-client';
import { thumbnailOf } from './thumbnail';

/** Uploads one file; with the same key twice, one attachment. `progress` is told the share that is sent, from 0 to 1. */
export type UploadFile = (
  file: File,
  key: string,
  progress: (share: number) => void,
  signal: AbortSignal,
) => Promise<Attachment>;

/** Longer than the relay's own deadline, which comes with an explanation: this one is for when not even that answer arrives. */
const STALLED_MS = 90_000;

type UploadDetails = Parameters<UploadFile> extends [File, ...infer Rest] ? Rest : never;

export function isAttachment(value: unknown): value is Attachment {
  return (
    has(value, 'attachmentId', 'name', 'mediaType') && isCount(value['size']) && typeof value['isImage'] === 'boolean'
  );
}

/** Where a browser finds an attachment's bytes. */
export function attachmentUrl({ attachmentId }: Pick<Attachment, 'attachmentId'>): string {
  return `/api/attachments/${encodeURIComponent(attachmentId)}`;
}

/** Where a browser finds an image for a list: the thumbnail, or the image itself where there is none. */
export function thumbnailUrl(attachment: Pick<Attachment, 'attachmentId'>): string {
  return `${attachmentUrl(attachment)}?size=small`;
}

/** Files that go with messages. */
@Service()
export class AttachmentsApi {
  private readonly relay = inject(RelayClient);

  /** Uploads a file, and for an image a thumbnail, which is optional. See {@link UploadFile}. */
  async upload(sessionId: string | null, file: File, ...how: UploadDetails): Promise<Attachment> {
    const attachment = await this.send(sessionId, file, ...how);
    if (attachment.isImage)
      this.keepThumbnail(attachment, file).catch((error: unknown) =>
        console.warn(`${attachment.name} has no small version:`, asProblem(error).message),
      );
    return attachment;
  }

  private async keepThumbnail(attachment: Attachment, file: File): Promise<void> {
    const body = await thumbnailOf(file);
    if (body === null) return;
    const headers = { 'content-type': body.type, 'ngsw-bypass': 'true' };
    await fetch(`${attachmentUrl(attachment)}/thumbnail`, { method: 'PUT', headers, body });
  }

  /** By XMLHttpRequest: it alone tells how far an upload is. Without a session: for one that is yet to be started. @throws ApiProblem; an AbortError when it was given up */
  private send(sessionId: string | null, file: File, ...[key, progress, signal]: UploadDetails): Promise<Attachment> {
    const { promise, resolve, reject } = Promise.withResolvers<Attachment>();
    const request = new XMLHttpRequest();
    const place = sessionId === null ? '/api' : `/api/sessions/${encodeURIComponent(sessionId)}`;
    request.open('POST', `${place}/attachments`);
    request.setRequestHeader('accept', 'application/json');
    request.setRequestHeader('Idempotency-Key', key);
    request.setRequestHeader('ngsw-bypass', 'true');
    const giveUp = (): void => {
      reject(stalled());
      request.abort();
    };
    let stall = setTimeout(giveUp, STALLED_MS);
    const settleStall = (): void => clearTimeout(stall);
    request.upload.onprogress = ({ loaded, total }) => {
      settleStall();
      stall = setTimeout(giveUp, STALLED_MS);
      progress(total > 0 ? loaded / total : 0);
    };
    // Everything is sent: from here on the relay has to answer in time.
    request.upload.onload = settleStall;
    request.onloadend = settleStall;
    request.onerror = () => reject(networkProblem());
    request.onabort = () => reject(new DOMException('The upload was given up.', 'AbortError'));
    request.onload = () => {
      const body = jsonOf(request.responseText);
      if (request.status === 201) return void settle(() => expected(body, isAttachment), resolve, reject);
      const headers = { 'retry-after': request.getResponseHeader('retry-after') ?? '' };
      reject(this.relay.refused(new Response(null, { status: request.status, headers }), body));
    };
    signal.addEventListener('abort', () => request.abort(), { once: true });
    const form = new FormData();
    form.append('file', file, file.name);
    request.send(form);
    return promise;
  }

  /** Deletes a file that was removed from an unsent message. If a message already has it, or it is gone, there is nothing to do. */
  discard({ attachmentId }: Attachment): void {
    removeAttachment({ ...this.relay.options, path: { attachmentId } }).catch((error: unknown) => {
      console.warn('The relay keeps a file that was taken off for a day:', asProblem(error).message);
    });
  }
}

function stalled(): ApiProblem {
  return new ApiProblem({
    status: 0,
    code: 'upload_stalled',
    detail: `The upload got no further for ${STALLED_MS / 1_000} seconds. Check this device’s connection, then try again.`,
  });
}

function settle<T>(make: () => T, resolve: (value: T) => void, reject: (reason: unknown) => void): void {
  try {
    resolve(make());
  } catch (error) {
    reject(error);
  }
}
