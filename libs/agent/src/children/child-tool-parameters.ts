import { DeliverAs, MAX_ANSWER_LENGTH, type ModelRef } from '@pizzapi/protocol';
import { Type } from 'typebox';

const ChildSessionId = Type.String({
  format: 'uuid',
  description: "The child's session id, as spawn_session returned it.",
});
const TriggerId = Type.String({ description: 'The id of the trigger, as it stands in the message: trg_…' });

export const NoParameters = Type.Object({});

export const SpawnParameters = Type.Object({
  prompt: Type.String({
    minLength: 1,
    description:
      'The task, with everything the child needs to know: it sees nothing of this conversation. Say what its last message should contain.',
  }),
  runnerId: Type.Optional(
    Type.String({
      format: 'uuid',
      description:
        'Another runner, from list_runners; the person may be asked first. Default: the one of this session.',
    }),
  ),
  cwd: Type.Optional(
    Type.String({
      description:
        'An absolute path of a folder there. Default: the folder of this session, or the first root of another runner.',
    }),
  ),
  model: Type.Optional(
    Type.String({ pattern: '^[^/]+/.+$', description: 'provider/id. Default: the model of this session.' }),
  ),
  name: Type.Optional(Type.String({ minLength: 1, maxLength: 200, description: 'A few words for people.' })),
});

export const TellParameters = Type.Object({
  sessionId: ChildSessionId,
  text: Type.String({ minLength: 1, description: 'What to tell it.' }),
  deliverAs: Type.Optional(
    Type.Union(DeliverAs.anyOf, {
      description:
        'While it works: "steer" enters before its next step, "prompt" and "followUp" after its turn. Default: prompt. An idle child starts at once.',
    }),
  ),
});

export const StopParameters = Type.Object({ sessionId: ChildSessionId });

export const RespondParameters = Type.Object({
  triggerId: TriggerId,
  action: Type.Optional(
    Type.String({
      maxLength: 200,
      description:
        'One word for what you did or decided. For a question: "answer" (default) or "decline". For a plan: "approve" or "reject". For a tool call of a child: "allow" or "deny".',
    }),
  ),
  text: Type.Optional(
    Type.String({
      maxLength: MAX_ANSWER_LENGTH,
      description: 'The answer, or a note. May be left out where the action says it all.',
    }),
  ),
});

export const EscalateParameters = Type.Object({
  triggerId: TriggerId,
  reason: Type.Optional(
    Type.String({ maxLength: 1_000, description: 'Why you cannot answer, and what whoever answers should know.' }),
  ),
});

/** The part after the first slash is the model's id, which may hold more of them. */
export function modelIn(text: string): ModelRef {
  const at = text.indexOf('/');
  return { provider: text.slice(0, at), id: text.slice(at + 1) };
}
