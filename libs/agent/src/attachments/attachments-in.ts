import type { SessionEntry } from '@earendil-works/pi-coding-agent';
import { Attachment } from '@pizzapi/protocol';
import { Type } from 'typebox';
import { Compile } from 'typebox/compile';

const details = Compile(Type.Object({ attachments: Type.Array(Attachment) }));

/** The files of the message that an entry is; none for other entries. */
export function attachmentsIn(entry: SessionEntry): Attachment[] {
  return entry.type === 'custom_message' && details.Check(entry.details) ? entry.details.attachments : [];
}
