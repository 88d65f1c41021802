import { ProblemCode, type SocketAnswer } from '@pizzapi/protocol';
import { Type, type Static, type TSchema } from 'typebox';
import { Compile } from 'typebox/compile';
import { Refusal } from './refusal.js';

const RefusedAnswer = Type.Object({ ok: Type.Literal(false), problem: Refusal });
const refused = Compile(RefusedAnswer);

/** The relay answered something that is not in the catalog. */
export class MalformedAnswerError extends Error {
  readonly code = ProblemCode.malformedMessage;

  constructor(event: string) {
    super(`The relay's answer to ${event} is not in the catalog; update the older of the two.`);
    this.name = 'MalformedAnswerError';
  }
}

export type ParsedAnswer<T> = ({ ok: true } & T) | { ok: false; problem: Refusal };

/** Makes a function that parses the relay's answer to a request. `fields` are those beside `ok: true`. */
export function answerParser<S extends TSchema>(
  event: string,
  fields: S,
): (answer: unknown) => ParsedAnswer<Static<S>> {
  const accepted = Compile(Type.Intersect([Type.Object({ ok: Type.Literal(true) }), fields]));
  return (answer) => {
    if (refused.Check(answer)) return answer;
    if (accepted.Check(answer)) return answer;
    throw new MalformedAnswerError(event);
  };
}

/** A refusal of ours. */
export function refuse(code: ProblemCode, detail: string): SocketAnswer<never> {
  return { ok: false, problem: { code, detail } };
}
