const MAX_LENGTH = 200;

/** A file name that is safe to display: the last part of a path, without control characters, cut to {@link MAX_LENGTH}. */
export function attachmentName(given: string): string {
  const last = given.split(/[/\\]/).at(-1) ?? '';
  // Includes characters that change the writing direction, which can disguise a file's extension.
  const visible = last.replaceAll(/[\p{Cc}\p{Cf}\p{Cs}\p{Co}]/gu, '').trim();
  if (visible === '' || /^\.+$/.test(visible)) return 'file';
  return shortened(visible);
}

/** Keeps the extension. */
function shortened(name: string): string {
  if (name.length <= MAX_LENGTH) return name;
  const at = name.lastIndexOf('.');
  const ending = at > 0 && name.length - at <= 16 ? name.slice(at) : '';
  let kept = '';
  // Whole characters, so that none is cut in half.
  for (const character of name) {
    if (kept.length + character.length + ending.length > MAX_LENGTH) break;
    kept += character;
  }
  return kept + ending;
}
