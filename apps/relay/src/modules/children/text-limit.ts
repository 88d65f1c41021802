import { Injectable } from '@nestjs/common';
import { ProblemCode } from '@pizzapi/protocol';
import { RelayConfig } from '../../config/config.js';
import { ProblemError } from '../../platform/http/problem.error.js';

/** What a person could not say over REST, an agent cannot say to its child. */
@Injectable()
export class TextLimit {
  constructor(private readonly config: RelayConfig) {}

  /** @throws ProblemError `prompt_too_large` */
  check(text: string): void {
    const bytes = Buffer.byteLength(text);
    const limit = this.config.requestBodyBytes;
    if (bytes <= limit) return;
    throw new ProblemError(
      413,
      ProblemCode.promptTooLarge,
      `The text has ${bytes} bytes; at most ${limit} are taken. Write it to a file and name the file instead.`,
    );
  }
}
