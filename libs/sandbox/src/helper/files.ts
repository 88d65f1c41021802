import { constants } from 'node:fs';
import { access, type FileHandle, mkdir, open, readdir, stat } from 'node:fs/promises';
import { MAX_BODY_BYTES } from '../link/frames.js';
import type { HelperReply } from '../link/replies.js';
import type { HelperRequest } from '../link/requests.js';
import { codeOf } from './command.js';

type FileRequest = Exclude<HelperRequest, { op: 'exec' | 'run' | 'serve' | 'input' | 'cancel' }>;
type Unaddressed<T> = T extends { id: number } ? Omit<T, 'id'> : never;

export interface FileAnswer {
  header: Unaddressed<Extract<HelperReply, { type: 'done' | 'failed' }>>;
  body?: Buffer;
}

const CHUNK_BYTES = 256 * 1024;
const DONE = { type: 'done' } as const;
/** `O_NONBLOCK`: opening a named pipe must not wait for whoever is at its other end. */
const { O_RDONLY, O_WRONLY, O_CREAT, O_TRUNC, O_NONBLOCK } = constants;
const WANTED = { read: constants.R_OK, write: constants.R_OK | constants.W_OK, exist: constants.F_OK };

/** Does what is asked of a file. Never rejects. */
export async function answerAboutFile(request: FileRequest, body: Buffer): Promise<FileAnswer> {
  try {
    return await perform(request, body);
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    return { header: { type: 'failed', code: codeOf(error), message } };
  }
}

async function perform(request: FileRequest, body: Buffer): Promise<FileAnswer> {
  const { path } = request;
  switch (request.op) {
    case 'read-file':
      return { header: DONE, body: await readUpTo(path, request.limit) };
    case 'write-file':
      await writeWhole(path, body);
      return { header: DONE };
    case 'make-folder':
      await mkdir(path, { recursive: true });
      return { header: DONE };
    case 'access':
      await access(path, WANTED[request.want]);
      return { header: DONE };
    case 'stat':
      return { header: { ...DONE, isDirectory: (await stat(path)).isDirectory() } };
    case 'list-folder':
      return { header: DONE, body: Buffer.from(JSON.stringify(await readdir(path))) };
  }
}

/**
 * At most `limit` bytes from the beginning; without one, the whole file. Not by its size: files of /proc say that they have none.
 * @throws NoRegularFileError for a pipe, a socket or a device; FileTooLargeError; what the system says
 */
export async function readUpTo(path: string, limit: number | null): Promise<Buffer> {
  await using file = await openRegular(path, O_RDONLY);
  const most = limit ?? MAX_BODY_BYTES + 1;
  const chunks: Buffer[] = [];
  let length = 0;
  while (length < most) {
    const { bytesRead, buffer } = await file.read(Buffer.alloc(Math.min(CHUNK_BYTES, most - length)));
    if (bytesRead === 0) break;
    chunks.push(buffer.subarray(0, bytesRead));
    length += bytesRead;
  }
  if (length > MAX_BODY_BYTES) throw new FileTooLargeError(path);
  return Buffer.concat(chunks);
}

async function writeWhole(path: string, body: Buffer): Promise<void> {
  await using file = await openRegular(path, O_WRONLY | O_CREAT | O_TRUNC);
  await file.writeFile(body);
}

/** Of a pipe, a socket or a device there is no end, or there are others who wait for what comes from it. */
async function openRegular(path: string, flags: number): Promise<FileHandle> {
  const file = await open(path, flags | O_NONBLOCK);
  const found = await file.stat();
  if (found.isFile() || found.isDirectory()) return file;
  await file.close();
  throw new NoRegularFileError(path);
}

class NoRegularFileError extends Error {
  readonly code = 'EINVAL';

  constructor(path: string) {
    super(`${path} is no regular file but a pipe, a socket or a device. Use a command for it.`);
  }
}

class FileTooLargeError extends Error {
  readonly code = 'EFBIG';

  constructor(path: string) {
    super(`${path} has more than ${MAX_BODY_BYTES} bytes, which a tool cannot read. Read a part of it with a command.`);
  }
}
