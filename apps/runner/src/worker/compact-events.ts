import { mergeStepChanges, type UnnumberedSessionEvent } from '@pizzapi/protocol';

type Event = UnnumberedSessionEvent;

const STATES: ReadonlySet<Event['type']> = new Set([
  'activity.changed',
  'model.changed',
  'name.changed',
  'usage.changed',
  'queue.changed',
  'commands.changed',
  'branch.changed',
]);

/**
 * Shortens events that have no number yet without changing what a viewer sees in the end: a state only counts in its
 * latest form, the progress of a message or tool that is finished is shown by its entry, and neighbouring deltas are one.
 */
export function compactEvents(events: Event[]): Event[] {
  const latest = new Map(events.map((event, index) => [event.type, index]));
  const settled = settledIds(events);
  const kept = events.filter((event, index) => {
    if (STATES.has(event.type)) return latest.get(event.type) === index;
    if (event.type === 'message.started' || event.type === 'message.delta')
      return !settled.messages.has(event.data.messageId);
    if (event.type === 'tool.output' || event.type === 'subagent.changed')
      return !settled.tools.has(event.data.toolCallId);
    return true;
  });
  return kept.reduce<Event[]>((joined, event) => {
    const previous = joined.at(-1);
    const merged = previous && joinDeltas(previous, event);
    if (merged) joined[joined.length - 1] = merged;
    else joined.push(event);
    return joined;
  }, []);
}

function settledIds(events: Event[]): { messages: Set<string>; tools: Set<string> } {
  const messages = new Set<string>();
  const tools = new Set<string>();
  for (const event of events) {
    if (event.type === 'entry.appended' && event.data.messageId !== undefined) messages.add(event.data.messageId);
    if (event.type === 'tool.finished') tools.add(event.data.toolCallId);
  }
  return { messages, tools };
}

function joinDeltas(first: Event, second: Event): Event | undefined {
  if (first.type === 'message.delta' && second.type === 'message.delta') {
    const a = first.data;
    const b = second.data;
    const isSameBlock = a.messageId === b.messageId && a.index === b.index && a.kind === b.kind;
    return isSameBlock ? { ...first, data: { ...b, ...a, delta: a.delta + b.delta } } : undefined;
  }
  if (
    first.type === 'tool.output' &&
    second.type === 'tool.output' &&
    first.data.toolCallId === second.data.toolCallId
  ) {
    return second.data.reset
      ? second
      : { ...first, data: { ...first.data, delta: first.data.delta + second.data.delta } };
  }
  if (first.type === 'subagent.changed' && second.type === 'subagent.changed') {
    const a = first.data;
    const b = second.data;
    const isSameStep = a.toolCallId === b.toolCallId && a.step === b.step;
    return isSameStep ? { ...first, data: { ...b, change: mergeStepChanges(a.change, b.change) } } : undefined;
  }
  return undefined;
}
