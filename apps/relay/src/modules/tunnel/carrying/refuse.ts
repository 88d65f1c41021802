import type { IncomingMessage, ServerResponse } from 'node:http';
import { v7 } from 'uuid';
import { answerProblem, answerText } from '../../../platform/http/door/raw-answers.js';
import { problemHeaders } from '../../../platform/http/problem-answer.js';
import type { Problem } from '../../../platform/http/problem.js';
import { refusedTunnelRequests } from '../tunnel.metrics.js';
import { asksAgainAfterS, PAGE_POLICY, refusalPage } from './refusal-page.js';

export interface RefusalOptions {
  /** Headers of every response in this form. */
  headers: readonly (readonly [name: string, value: string])[];
  /** A link to what the person can do about it. */
  action?: { href: string; text: string } | null;
}

/** Responds with an HTML page to navigations, and with problem details to everything else. */
export function refuse(
  request: IncomingMessage,
  response: ServerResponse,
  problem: Problem,
  options: RefusalOptions,
): void {
  refusedTunnelRequests.inc({ reason: problem.code });
  if (response.headersSent || response.destroyed) return void response.destroy();
  for (const [name, value] of options.headers) response.appendHeader(name, value);
  if (!wantsPage(request)) return answerProblem(request, response, problem);
  response.appendHeader('content-security-policy', PAGE_POLICY);
  // A submitted form must not be sent again.
  const againAfterS = request.method === 'GET' ? asksAgainAfterS(problem) : null;
  answerText(request, response, problem.status, refusalPage(problem, { action: options.action ?? null, againAfterS }), {
    ...problemHeaders(problem),
    ...(againAfterS === null ? {} : { refresh: String(againAfterS) }),
    'content-type': 'text/html; charset=utf-8',
    'x-request-id': v7(),
  });
}

function wantsPage({ headers: { accept = '', 'sec-fetch-dest': destination } }: IncomingMessage): boolean {
  return accept.includes('text/html') && (destination === undefined || PAGES.has(destination));
}
const PAGES: ReadonlySet<string> = new Set(['document', 'iframe', 'frame']);
