import { type SessionEvent, type SessionEventData } from '@pizzapi/protocol';
import { Type, type Static } from 'typebox';
import { Compile } from 'typebox/compile';

/** What is needed of an assistant's message; pi's has more. */
const Answer = Type.Object({
  stopReason: Type.String(),
  errorMessage: Type.Optional(Type.String()),
  content: Type.Array(Type.Object({ type: Type.String(), text: Type.Optional(Type.String()) })),
});
const answerCheck = Compile(Answer);

/** An assistant's message in a transcript. */
export interface TranscribedAnswer {
  entryId: string;
  content: unknown;
}

/** How a turn ended: with an answer, or with what went wrong. */
export interface TurnEnd {
  entryId: string;
  kind: 'completed' | 'failed' | 'aborted';
  text: string;
}

/** Null when the message is not the end of a turn. */
export function turnEndOf({ entryId, content }: TranscribedAnswer): TurnEnd | null {
  if (!answerCheck.Check(content)) return null;
  switch (content.stopReason) {
    case 'stop':
    case 'length':
      return { entryId, kind: 'completed', text: textOf(content) };
    case 'error':
      return { entryId, kind: 'failed', text: content.errorMessage ?? 'The model failed.' };
    case 'aborted':
      return { entryId, kind: 'aborted', text: 'A person broke off its turn.' };
    default:
      return null;
  }
}

/** The assistant's last message before event number `seq`, among these events. */
export function answerBefore(events: readonly SessionEvent[], seq: number): TranscribedAnswer | undefined {
  const isAnswer = (event: SessionEvent): event is Extract<SessionEvent, { type: 'entry.appended' }> =>
    event.type === 'entry.appended' && event.data.kind === 'assistant' && event.seq < seq;
  const data: SessionEventData<'entry.appended'> | undefined = events.filter(isAnswer).at(-1)?.data;
  return data && { entryId: data.entryId, content: data.content };
}

function textOf({ content }: Static<typeof Answer>): string {
  return content
    .flatMap(({ type, text }) => (type === 'text' && text !== undefined ? [text] : []))
    .join('\n')
    .trim();
}
