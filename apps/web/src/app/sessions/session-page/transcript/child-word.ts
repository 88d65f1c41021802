import type { DotTone } from '../../../ui/status-dot';
import { isRecord } from '../../../core/shape';
import { textField } from '../conversation/message-content';
import type { TriggerItem } from '../conversation/transcript-item';

/** What a child session told its parent, for people. */
export interface ChildWord {
  readonly sessionId: string;
  readonly name: string;
  /** What it did, after its name. */
  readonly words: string;
  readonly said: string;
  readonly tone: DotTone;
}

const WORDS: Record<string, { words: string; field: string; tone: DotTone }> = {
  'session:question': { words: 'asks', field: 'question', tone: 'waiting' },
  'session:plan': { words: 'proposes a plan', field: 'plan', tone: 'waiting' },
  'session:approval': { words: 'waits until a person lets it go on', field: 'call', tone: 'waiting' },
  'session:completed': { words: 'has finished', field: 'answer', tone: 'ok' },
  'session:error': { words: 'met a problem', field: 'detail', tone: 'bad' },
  'session:failed': { words: 'failed', field: 'detail', tone: 'bad' },
  'session:ended': { words: 'is over', field: '', tone: 'idle' },
};
const MAX_SAID = 600;

/** Null: the trigger is not a child's. */
export function childWord({ childSessionId, type, payload, summary }: TriggerItem): ChildWord | null {
  if (childSessionId === '') return null;
  const { words, field, tone } = WORDS[type] ?? { words: type, field: '', tone: 'idle' };
  const said = textField(payload, field) || (field === '' ? '' : summary);
  const name = textField(payload, 'name') || 'Child session';
  const handedUpBy = isRecord(payload) ? textField(payload['handedUpBy'], 'name') : '';
  return {
    sessionId: childSessionId,
    name,
    words: handedUpBy === '' ? words : `${words}, handed up by ${handedUpBy}`,
    said: said.length > MAX_SAID ? `${said.slice(0, MAX_SAID)}…` : said,
    tone,
  };
}
