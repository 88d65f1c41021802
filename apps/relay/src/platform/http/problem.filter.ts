import { type ArgumentsHost, Catch, type ExceptionFilter } from '@nestjs/common';
import { ProblemCode } from '@pizzapi/protocol';
import type { Request, Response } from 'express';
import { PinoLogger } from 'nestjs-pino';
import { type Problem, toProblem } from './problem.js';
import { problemBody, problemHeaders } from './problem-answer.js';

/** Answers every error of HTTP as RFC 9457 problem details. */
@Catch()
export class ProblemFilter implements ExceptionFilter {
  constructor(private readonly logger: PinoLogger) {}

  catch(error: unknown, host: ArgumentsHost): void {
    if (host.getType() !== 'http') throw error;
    const http = host.switchToHttp();
    const [request, response] = [http.getRequest<Request>(), http.getResponse<Response>()];
    const problem = forRoute(toProblem(error), request);
    if (problem.status >= 500) this.logger.error({ err: error, requestId: request.id }, 'A request failed');
    if (response.headersSent) {
      // Half an answer must not pass for a whole one.
      response.destroy();
      return;
    }
    sendProblem(request, response, problem);
  }
}

export function sendProblem(request: Request, response: Response, problem: Problem): void {
  const requestId = typeof request.id === 'string' ? request.id : '';
  for (const [name, value] of Object.entries(problemHeaders(problem))) response.setHeader(name, value);
  response.status(problem.status).send(problemBody(problem, requestId));
}

/** A prompt that is too long gets a code of its own, by which the console keeps the draft. */
function forRoute(problem: Problem, request: Request): Problem {
  if (problem.code !== ProblemCode.bodyTooLarge || request.method !== 'POST' || !PROMPTS.test(request.originalUrl))
    return problem;
  return {
    ...problem,
    code: ProblemCode.promptTooLarge,
    detail:
      'The prompt is longer than this relay accepts; shorten it, put the text into a file, or raise PIZZAPI_MAX_BODY_BYTES.',
  };
}
const PROMPTS = /^\/api\/sessions(\/[^/?]+\/input)?\/?(\?|$)/;
