import { Injectable } from '@nestjs/common';
import { ProblemCode } from '@pizzapi/protocol';
import { LRUCache } from 'lru-cache';
import { type Static, Type } from 'typebox';
import { Compile } from 'typebox/compile';
import { notFound, ProblemError } from '../../../platform/http/problem.error.js';
import { parseJson } from '../../../platform/redis/parse-json.js';
import { type Caller } from '../../auth/index.js';
import { RunnerAccess } from '../../runners/index.js';
import { tunnelProblem } from '../carrying/tunnel-problem.js';
import { FindConnection } from '../links/find-connection.js';
import { sigilDefOf, sigilPath } from './sigil-path.js';

const DEADLINE_MS = 3_000;
const KEEP_MS = 60_000;
const MAX_KEPT = 5_000;
const MAX_BYTES = 64 * 1024;

/** The used part of a service's response, which may contain more. */
const Answer = Type.Object({
  title: Type.String({ minLength: 1 }),
  status: Type.Optional(Type.Union([Type.String(), Type.Null()])),
  url: Type.Optional(Type.Union([Type.String(), Type.Null()])),
  icon: Type.Optional(Type.Union([Type.String(), Type.Null()])),
});
const answer = Compile(Answer);
const ICON = /^[a-z0-9]+(-[a-z0-9]+)*$/;

export interface ResolvedSigil {
  title: string;
  status?: string;
  url?: string;
  icon?: string;
}

export interface SigilQuestion {
  type: string;
  id: string;
  params: Record<string, string>;
}

/** Resolves a sigil by asking its service. The result is cached for a minute, also if there is none. */
@Injectable()
export class ResolveSigil {
  private readonly kept = new LRUCache<string, { untilMs: number; sigil: Promise<ResolvedSigil | null> }>({
    max: MAX_KEPT,
  });

  constructor(
    private readonly runners: RunnerAccess,
    private readonly connections: FindConnection,
  ) {}

  /** @throws ProblemError `not_found`, `service_not_running`, `service_answer_invalid`, `tunnel_offline` */
  async run(runnerId: string, caller: Caller, { type, id, params }: SigilQuestion): Promise<ResolvedSigil> {
    const runner = await this.runners.require(runnerId, caller);
    const def = sigilDefOf(runner.announcement?.sigilDefs ?? [], type);
    const path = def?.resolve === undefined ? null : sigilPath(def.resolve, id, params);
    if (!def || path === null) throw notFound('sigil that can be looked up');
    const sigil = await this.ask(runnerId, def.serviceId, path);
    if (!sigil) throw notFound(def.label);
    return sigil;
  }

  private ask(runnerId: string, serviceId: string, path: string): Promise<ResolvedSigil | null> {
    const name = JSON.stringify([runnerId, serviceId, path]);
    const kept = this.kept.get(name);
    if (kept && kept.untilMs > performance.now()) return kept.sigil;
    const sigil = this.lookUp(runnerId, serviceId, path);
    this.kept.set(name, { untilMs: performance.now() + KEEP_MS, sigil });
    // Errors are not cached.
    sigil.catch(() => this.kept.delete(name));
    return sigil;
  }

  private async lookUp(runnerId: string, serviceId: string, path: string): Promise<ResolvedSigil | null> {
    const signal = AbortSignal.timeout(DEADLINE_MS);
    try {
      const connection = await this.connections.to(runnerId);
      const { status, body } = await connection.call({
        destination: { runnerId, target: { kind: 'service', serviceId } },
        path,
        headers: [['accept', 'application/json']],
        signal,
        maxBytes: MAX_BYTES,
      });
      if (status === 404) return null;
      const said = parseJson(body.toString('utf8'));
      if (status !== 200 || !answer.Check(said)) throw unreadable(serviceId);
      return cleaned(said);
    } catch (error) {
      if (signal.aborted) throw tooSlow(serviceId);
      const { status, code, detail, ...extra } = tunnelProblem(error, { serviceId, name: serviceId });
      throw new ProblemError(status, code, detail, extra);
    }
  }
}

/** Keeps only what a chip can show, and links that are safe to follow. */
function cleaned({ title, status, url, icon }: Static<typeof Answer>): ResolvedSigil {
  const isLink = typeof url === 'string' && URL.canParse(url) && /^https?:$/.test(new URL(url).protocol);
  return {
    title: title.slice(0, 300),
    ...(status ? { status: status.slice(0, 100) } : {}),
    ...(isLink && url.length <= 2_000 ? { url } : {}),
    ...(icon && icon.length <= 100 && ICON.test(icon) ? { icon } : {}),
  };
}

function unreadable(serviceId: string): ProblemError {
  return new ProblemError(
    502,
    ProblemCode.serviceAnswerInvalid,
    `The service "${serviceId}" did not answer with {title, status?, url?, icon?}.`,
  );
}

function tooSlow(serviceId: string): ProblemError {
  return new ProblemError(
    504,
    ProblemCode.serviceUnreachable,
    `The service "${serviceId}" did not answer within ${DEADLINE_MS / 1_000} s.`,
  );
}
