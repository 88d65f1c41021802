import type { SessionEntry } from '@earendil-works/pi-coding-agent';
import { HookNotice } from '@pizzapi/protocol';
import { Value } from 'typebox/value';

/** A custom entry of pi's file: pi keeps it and does not show it to the model. */
export const HookEntry = 'plugin-hook';

/** The notice in an entry, or null. */
export function hookNoticeIn(entry: SessionEntry): HookNotice | null {
  if (entry.type !== 'custom' || entry.customType !== HookEntry) return null;
  return Value.Check(HookNotice, entry.data) ? entry.data : null;
}
