import type { Attachment } from '@pizzapi/protocol';
import { describe, expect, it } from 'vitest';
import { ApiProblem } from '../../core/api/api-problem';
import { goneFiles, goneText } from './gone-files';

const file = (name: string): Attachment => ({
  attachmentId: `att_${name}`,
  name,
  mediaType: 'text/plain',
  size: 1,
  isImage: false,
});
const files = [file('a.txt'), file('b.txt')];
const refused = (code: string, ...paths: string[]) =>
  new ApiProblem({ status: 422, code, detail: 'No.', fields: paths.map((path) => ({ path, message: 'is gone' })) });

describe('files that the relay does not have any more', () => {
  it('are those that it names', () => {
    const gone = goneFiles(refused('attachment_unknown', 'attachments.1'), files);
    expect(gone).toEqual([files[1]]);
    expect(goneText(gone)).toBe(
      'The relay does not have b.txt any more. Edit the message, and choose it again or go without.',
    );
  });

  it('are all, of a relay that names none', () =>
    expect(goneFiles(refused('attachment_unknown'), files)).toEqual(files));

  it('are none, where something else was refused', () =>
    expect(goneFiles(refused('session_ended', 'attachments.0'), files)).toEqual([]));
});
