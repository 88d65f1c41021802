import { describe, expect, it } from 'vitest';
import { attachmentName } from './attachment-name.js';

describe('the name of an attachment', () => {
  it.each([
    ['Grüße 📎.txt', 'Grüße 📎.txt'],
    ['C:\\Users\\ada\\notes.md', 'notes.md'],
    ['../../etc/passwd', 'passwd'],
    ['..', 'file'],
    ['', 'file'],
    ['\u0000\n', 'file'],
    ['evil\u202egnp.exe', 'evilgnp.exe'],
  ])('%j is %j', (given, name) => expect(attachmentName(given)).toBe(name));

  it('is shortened before its extension', () => {
    const name = attachmentName(`${'ü'.repeat(300)}.tar.gz`);
    expect(name).toHaveLength(200);
    expect(name.endsWith('ü.gz')).toBe(true);
  });
});
