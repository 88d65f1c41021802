export interface DiffLine {
  readonly kind: 'context' | 'added' | 'removed' | 'skip';
  readonly number: number | null;
  readonly text: string;
}
export interface DiffPair {
  readonly left: DiffLine | null;
  readonly right: DiffLine | null;
}

/** pi's display diff: a sign, the padded line number, a space, the line. `...` stands for skipped lines. */
const DIFF_LINE = /^([ +-])( *\d*) ?(.*)$/;

export function parseDiff(diff: string): DiffLine[] {
  if (diff === '') return [];
  return diff.split('\n').map((line): DiffLine => {
    const [, sign = ' ', number = '', text = ''] = DIFF_LINE.exec(line) ?? [];
    if (sign === ' ' && number.trim() === '' && text.trim() === '...') return { kind: 'skip', number: null, text: '' };
    const kind = sign === '+' ? 'added' : sign === '-' ? 'removed' : 'context';
    return { kind, number: number.trim() === '' ? null : Number(number), text };
  });
}

/** A new file's content as additions. */
export function additions(content: string): DiffLine[] {
  const lines = content.endsWith('\n') ? content.slice(0, -1).split('\n') : content.split('\n');
  return lines.map((text, index) => ({ kind: 'added', number: index + 1, text }));
}

/** An edit that has no result yet: what goes and what comes. */
export function replacement(oldText: string, newText: string): DiffLine[] {
  const lines = (text: string, kind: 'added' | 'removed'): DiffLine[] =>
    text === '' ? [] : text.split('\n').map((line) => ({ kind, number: null, text: line }));
  return [...lines(oldText, 'removed'), ...lines(newText, 'added')];
}

export function diffCounts(diff: string): { added: number; removed: number } {
  let added = 0;
  let removed = 0;
  for (const line of diff.split('\n')) {
    if (line.startsWith('+')) added += 1;
    else if (line.startsWith('-')) removed += 1;
  }
  return { added, removed };
}

/** Side by side: each run of removals stands beside the run of additions that follows it. */
export function sideBySide(lines: readonly DiffLine[]): DiffPair[] {
  const pairs: DiffPair[] = [];
  let removed: DiffLine[] = [];
  let added: DiffLine[] = [];
  const flush = (): void => {
    for (let i = 0; i < Math.max(removed.length, added.length); i += 1) {
      pairs.push({ left: removed[i] ?? null, right: added[i] ?? null });
    }
    removed = [];
    added = [];
  };
  for (const line of lines) {
    if (line.kind === 'removed') {
      if (added.length > 0) flush();
      removed.push(line);
    } else if (line.kind === 'added') {
      added.push(line);
    } else {
      flush();
      pairs.push({ left: line, right: line });
    }
  }
  flush();
  return pairs;
}
