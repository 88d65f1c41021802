import type { SessionManager } from '@earendil-works/pi-coding-agent';
import { Type } from 'typebox';
import { Value } from 'typebox/value';
import { CustomType } from '../../queue/delivery-message.js';

export type SessionReader = Pick<SessionManager, 'getBranch'>;

const Authored = Type.Object({ authorId: Type.String() });

/** Whose words are worked on: the author of the latest input. Null where nobody wrote anything, as in a session that a trigger started. */
export function authorOf(manager: SessionReader): string | null {
  const input = manager
    .getBranch()
    .findLast((entry) => entry.type === 'custom_message' && entry.customType === CustomType.input);
  if (input?.type !== 'custom_message' || !Value.Check(Authored, input.details)) return null;
  return input.details.authorId;
}
