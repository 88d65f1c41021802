import { Injectable } from '@nestjs/common';
import type { ModelRef, SandboxFrame } from '@pizzapi/protocol';
import { derivedUuid } from '../../platform/ids/derived-uuid.js';
import { CreateSession, modelOf, type SessionEntity } from '../sessions/index.js';
import { authorOf } from './author.js';
import { TextLimit } from './text-limit.js';

export interface ChildRequest {
  callKey: string;
  prompt: string;
  runnerId?: string;
  cwd?: string;
  isFolderReal?: boolean;
  frame?: SandboxFrame;
  model?: ModelRef;
  name?: string;
}

/** Starts a session for the agent of another one, whose owner it belongs to. */
@Injectable()
export class StartChild {
  constructor(
    private readonly createSession: CreateSession,
    private readonly textLimit: TextLimit,
  ) {}

  /**
   * Its id is derived from the tool call: the same call again starts nothing new.
   * @throws ProblemError `prompt_too_large`, `not_found`, `session_ended`, `child_depth_exceeded`, `too_many_children`
   */
  async run(parent: SessionEntity, request: ChildRequest): Promise<string> {
    const { callKey, prompt, runnerId, cwd, isFolderReal = false, frame, model, name } = request;
    this.textLimit.check(prompt);
    const sessionId = derivedUuid(parent.sessionId, `${parent.sessionId} starts\n${callKey}`);
    // Folders and models of one machine mean nothing on another.
    const isHere = runnerId === undefined || runnerId === parent.runnerId;
    const parentModel = modelOf(parent) ?? undefined;
    const child = {
      runnerId: runnerId ?? parent.runnerId,
      prompt,
      name,
      cwd: cwd ?? (isHere && parent.cwd !== '' ? parent.cwd : undefined),
      // What its parent's sandbox says of a folder holds on that machine alone.
      isFolderReal: isHere && isFolderReal,
      frame,
      model: model ?? (isHere ? parentModel : undefined),
    };
    await this.createSession.run(authorOf(parent), sessionId, child, parent);
    return sessionId;
  }
}
