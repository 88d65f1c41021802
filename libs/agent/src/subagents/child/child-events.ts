import { Type, type Static } from 'typebox';
import { Compile } from 'typebox/compile';

const TextBlock = Type.Object({ type: Type.Literal('text'), text: Type.String() });
const Tokens = Type.Number({ minimum: 0 });
/** What of an assistant's message is needed here. */
const Finished = Type.Object({
  role: Type.Literal('assistant'),
  content: Type.Array(Type.Union([TextBlock, Type.Object({ type: Type.String() })])),
  stopReason: Type.String(),
  errorMessage: Type.Optional(Type.String()),
  usage: Type.Object({
    input: Tokens,
    output: Tokens,
    cacheRead: Tokens,
    cacheWrite: Tokens,
    cost: Type.Object({ total: Tokens }),
  }),
});
/** A message that a subagent's model finished. */
export type FinishedMessage = Static<typeof Finished>;

/** The events of pi's JSON mode that tell how a subagent gets on. */
const ChildEvent = Type.Union([
  Type.Object({ type: Type.Literal('message_end'), message: Finished }),
  Type.Object({
    type: Type.Literal('message_update'),
    assistantMessageEvent: Type.Object({ type: Type.Literal('text_delta'), delta: Type.String() }),
  }),
  Type.Object({
    type: Type.Literal('tool_execution_start'),
    toolCallId: Type.String(),
    toolName: Type.String(),
    args: Type.Unknown(),
  }),
  Type.Object({
    type: Type.Literal('tool_execution_end'),
    toolCallId: Type.String(),
    isError: Type.Boolean(),
  }),
  Type.Object({
    type: Type.Literal('auto_retry_start'),
    attempt: Type.Integer(),
    maxAttempts: Type.Integer(),
    errorMessage: Type.String(),
  }),
]);
export type ChildEvent = Static<typeof ChildEvent>;
const validator = Compile(ChildEvent);

const WANTED = ChildEvent.anyOf.map(({ properties }) => properties.type.const);
const LF = 0x0a;
/** A longer line is an event with images or a whole conversation in it; nothing of it is needed. */
const MAX_LINE_BYTES = 8 * 1024 * 1024;

/**
 * Reads the lines of pi's JSON mode. Only what is wanted is parsed: some events hold the whole conversation once more. Lines end
 * with LF alone, as pi's documentation demands.
 */
export class ChildEventReader {
  readonly #onEvent: (event: ChildEvent) => void;
  #pieces: Buffer[] = [];
  #bytes = 0;

  constructor(onEvent: (event: ChildEvent) => void) {
    this.#onEvent = onEvent;
  }

  add(chunk: Buffer): void {
    let from = 0;
    for (let at = chunk.indexOf(LF); at !== -1; at = chunk.indexOf(LF, from)) {
      this.#keep(chunk.subarray(from, at));
      this.#endLine();
      from = at + 1;
    }
    this.#keep(chunk.subarray(from));
  }

  #keep(piece: Buffer): void {
    this.#bytes += piece.length;
    if (this.#bytes > MAX_LINE_BYTES) this.#pieces = [];
    else if (piece.length > 0) this.#pieces.push(piece);
  }

  #endLine(): void {
    const line = this.#bytes > MAX_LINE_BYTES ? '' : Buffer.concat(this.#pieces).toString('utf8');
    this.#pieces = [];
    this.#bytes = 0;
    if (!WANTED.some((type) => line.startsWith(`{"type":"${type}"`))) return;
    const value = parsed(line);
    if (validator.Check(value)) this.#onEvent(value);
  }
}

/** Undefined for a line that a dying process did not finish. */
function parsed(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return undefined;
  }
}
