import { expect, it } from 'vitest';
import { attachmentsInBrief, attachmentsNote, type NotedFile } from './attachments-note.js';

const file = (name: string): NotedFile => ({
  attachment: { attachmentId: 'att_1', name, mediaType: 'text/plain', size: 5, isImage: false },
  path: `/files/${name}`,
  problem: null,
  image: null,
  takesImages: false,
});

it.each([
  [['a.txt'], 'Look (with a file)'],
  [['a.txt', 'b.txt'], 'Look (with 2 files)'],
])('a note of %j is told to people in brief', (names, words) =>
  expect(attachmentsInBrief(`Look\n${attachmentsNote(names.map(file))}`)).toBe(words),
);

it('a message without files stays as it is', () => expect(attachmentsInBrief('<attachments>?')).toBe('<attachments>?'));
