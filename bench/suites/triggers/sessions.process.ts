import { type AgentToRelay, Namespace, PROTOCOL_VERSION, type RelayToAgent } from '@pizzapi/protocol';
import { io, type Socket } from 'socket.io-client';
import { Type } from 'typebox';
import { Compile } from 'typebox/compile';
import { nowMs } from '../../measure/now.js';
import { quantile } from '../../measure/statistics.js';
import { answer, answerQuestions } from '../../processes/answer-questions.js';

const ANSWER_TIMEOUT_MS = 30_000;
const stamped = Compile(Type.Object({ payload: Type.Object({ sentMs: Type.Number() }) }));

/** Ages of deliveries on arrival, in milliseconds, since the last count. */
let ages: number[] = [];
let received = 0;
let goal: { count: number; reached: () => void } | null = null;

/** Scripted agents, each with a socket of its own: they note when a trigger came and acknowledge it, as a worker does once it has it. */
answerQuestions({
  open: answer(
    Type.Object({
      url: Type.String(),
      sessions: Type.Array(Type.Object({ sessionId: Type.String(), token: Type.String() })),
    }),
    async ({ url, sessions }) => {
      for (const session of sessions) await attach(url, session.sessionId, session.token);
    },
  ),
  /** Answers when so many deliveries have arrived since the last count. */
  reach: answer(Type.Object({ count: Type.Integer() }), async ({ count }) => {
    if (received < count) await new Promise<void>((reached) => (goal = { count, reached }));
  }),
  count: answer(Type.Object({}), () => {
    const sorted = Float64Array.from(ages).sort();
    const counted = { received, p50Ms: quantile(sorted, 0.5), p99Ms: quantile(sorted, 0.99) };
    ages = [];
    received = 0;
    return counted;
  }),
});

async function attach(url: string, sessionId: string, token: string): Promise<void> {
  const socket: Socket<RelayToAgent, AgentToRelay> = io(url + Namespace.agent, {
    transports: ['websocket'],
    forceNew: true,
    reconnection: false,
    auth: { token, protocol: PROTOCOL_VERSION },
  });
  socket.on('inbox:deliver', ({ items }) => {
    for (const { text } of items) note(text);
    socket.emit('inbox:received', { deliveryIds: items.map(({ deliveryId }) => deliveryId) });
  });
  await new Promise<void>((resolve, reject) => {
    socket.once('connect', resolve);
    socket.once('connect_error', reject);
  });
  const registered = await socket
    .timeout(ANSWER_TIMEOUT_MS)
    .emitWithAck('agent:register', { sessionId, epoch: Date.now(), nextSeq: null });
  if (!registered.ok) throw new Error(`An agent was refused: ${registered.problem.detail}`);
}

function note(text: string): void {
  const trigger: unknown = JSON.parse(text);
  if (!stamped.Check(trigger)) throw new Error('A trigger came without its time.');
  ages.push(nowMs() - trigger.payload.sentMs);
  received++;
  if (goal && received >= goal.count) {
    goal.reached();
    goal = null;
  }
}
