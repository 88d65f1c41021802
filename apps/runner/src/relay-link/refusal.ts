import { Type, type Static } from 'typebox';
import { Compile } from 'typebox/compile';

/** The relay's "no" to a connection or a request, with a {@link ProblemCode}; newer relays may know more codes. */
export const Refusal = Type.Object({ code: Type.String(), detail: Type.String() });
export type Refusal = Static<typeof Refusal>;
const validator = Compile(Refusal);

/** The relay answered a request with "no": the message is its own sentence. */
export class RelayRefusedError extends Error {
  readonly code: string;

  /** @param data where {@link refusalOf} looks for it */
  constructor(readonly data: Refusal) {
    super(data.detail);
    this.name = 'RelayRefusedError';
    this.code = data.code;
  }
}

/** Socket.IO carries what a middleware attached to its error in `data`; a network failure has none. */
export function refusalOf(error: Error): Refusal | undefined {
  const data = 'data' in error ? error.data : undefined;
  return validator.Check(data) ? data : undefined;
}

/** engine.io says only "websocket error"; what the system said (refused, no such host, a bad certificate) is in its `description`. */
export function reasonOf(error: Error): string {
  const description: unknown = 'description' in error ? error.description : undefined;
  const said = description instanceof Object && 'message' in description ? description.message : undefined;
  return typeof said === 'string' && said !== '' ? said : error.message;
}
