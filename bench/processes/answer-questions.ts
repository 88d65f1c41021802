import { type Static, type TSchema, Type } from 'typebox';
import { Compile } from 'typebox/compile';

const question = Compile(Type.Object({ id: Type.Integer(), question: Type.String(), data: Type.Unknown() }));

/** Parses the data of one question and answers it. */
export type Answer = (data: unknown) => Promise<object | void> | object | void;

export function answer<S extends TSchema>(
  schema: S,
  handle: (data: Static<S>) => Promise<object | void> | object | void,
): Answer {
  const check = Compile(schema);
  return (data) => {
    if (!check.Check(data)) throw new Error('The question does not have the shape that this process expects.');
    return handle(data);
  };
}

/** A child process's side of `bench-process.ts`. Id 0 wants no answer. */
export function answerQuestions(answers: Record<string, Answer>): void {
  process.on('message', (message) => {
    if (!question.Check(message)) throw new Error('This process was asked something unknown.');
    const { id, question: name, data } = message;
    const handle = answers[name];
    if (!handle) throw new Error(`This process cannot answer "${name}".`);
    Promise.resolve()
      .then(() => handle(data))
      .then(
        (result) => reply(id, { answer: result ?? {} }),
        (error: unknown) =>
          reply(id, { failure: error instanceof Error ? (error.stack ?? error.message) : String(error) }),
      );
  });
  // The parent is gone.
  process.on('disconnect', () => process.exit());
}

/** Says something unasked. */
export function tellParent(news: object): void {
  process.send?.({ news });
}

function reply(id: number, content: object): void {
  if (id !== 0) process.send?.({ answerTo: id, ...content });
  else if ('failure' in content) throw new Error(String(content.failure));
}
