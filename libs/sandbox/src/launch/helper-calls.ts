import { SandboxFileError, SandboxHelperEndedError } from '../errors.js';
import { FrameTooLongError } from '../link/frames.js';
import type { HelperReply } from '../link/replies.js';
import type { HelperRequest } from '../link/requests.js';
import type { Refusal } from '../refusal.js';
import type { HelperProcess } from './helper-process.js';
import type { WallWatch } from './wall-watch.js';

/** Why a process behind another wall than the present one is ended. */
export const CHANGED = 'what it may do was changed';

export type CommandEnd = Omit<Extract<HelperReply, { type: 'exited' }>, 'id' | 'type'>;

export interface CommandListener {
  onOutput: (chunk: Buffer) => void;
  signal?: AbortSignal | undefined;
  /** What the sandbox kept from it, as far as the system tells, while nothing else runs of which the same could be true. */
  onRefusal?: ((refusal: Refusal) => void) | undefined;
}

interface Call extends Pick<CommandListener, 'onRefusal'> {
  onOutput: (chunk: Buffer) => void;
  settle: (reply: Extract<HelperReply, { type: 'exited' | 'done' | 'failed' }>, body: Buffer) => void;
  fail: (error: Error) => void;
}

export interface Answer {
  reply: Extract<HelperReply, { type: 'exited' | 'done' }>;
  body: Buffer;
}

/** A process behind the wall, with what was asked of it. */
export interface Helper {
  process: HelperProcess;
  calls: Map<number, Call>;
  watch: WallWatch;
  /** Another one has taken its place; it ends when nothing runs in it that was called. */
  isRetired: boolean;
}

/** Asks it, and waits for the answer. @throws SandboxFileError, SandboxHelperEndedError */
export async function awaitAnswer(
  helper: Helper,
  request: HelperRequest,
  body: Uint8Array | undefined,
  { onOutput, signal, onRefusal }: CommandListener,
): Promise<Answer> {
  const { process, calls } = helper;
  const { id } = request;
  const onAbort = (): void => process.send({ id, op: 'cancel' });
  try {
    return await new Promise((resolve, reject) => {
      calls.set(id, {
        onOutput,
        onRefusal,
        settle: (reply, content) => {
          if (reply.type !== 'failed') resolve({ reply, body: content });
          else reject(new SandboxFileError(reply.code, reply.message));
        },
        fail: reject,
      });
      process.send(request, body);
      signal?.addEventListener('abort', onAbort, { once: true });
      if (signal?.aborted) onAbort();
    });
  } catch (error) {
    throw error instanceof FrameTooLongError ? new SandboxFileError(error.code, error.message) : error;
  } finally {
    calls.delete(id);
    if (helper.isRetired && calls.size === 0) void process.kill(CHANGED);
    signal?.removeEventListener('abort', onAbort);
  }
}

/** Tells it to the one call that it can be of; otherwise to `others`. */
export function tellRefusal(calls: Helper['calls'], refusal: Refusal, others: (refusal: Refusal) => void): void {
  const hearing = [...calls.values()].flatMap(({ onRefusal }) => onRefusal ?? []);
  const [only = others] = hearing.length === 1 ? hearing : [];
  only(refusal);
}

/** How a program ended. @throws SandboxHelperEndedError for any other answer */
export function endOf(reply: Answer['reply']): CommandEnd {
  if (reply.type !== 'exited') throw new SandboxHelperEndedError('it answered out of turn');
  const { id: _id, type: _type, ...end } = reply;
  return end;
}
