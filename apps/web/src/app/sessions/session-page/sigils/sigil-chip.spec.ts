import { describe, expect, it, vi } from 'vitest';
import type { SigilAnswer } from '../../../core/api/sigil-shapes';
import { sigilAt } from './sigil';
import { SigilChip } from './sigil-chip';
import { SigilResolution } from './sigil-resolution';
import { vocabularyOf } from './sigil-vocabulary';

const vocabulary = vocabularyOf(
  [{ serviceId: 'github', type: 'pr', label: 'Pull Request', resolve: '/pr/{id}', aliases: ['mr'] }],
  [{ id: 'github', icon: 'git-pull-request' }],
);

/** Sight is the browser's; here it is ours. */
class Sight {
  static last: Sight | undefined;
  readonly seen = new Set<Element>();
  constructor(private readonly tell: (entries: object[]) => void) {
    Sight.last = this;
  }
  observe(element: Element): void {
    this.seen.add(element);
  }
  unobserve(element: Element): void {
    this.seen.delete(element);
  }
  show(target: Element, isIntersecting = true): void {
    this.tell([{ target, isIntersecting }]);
  }
}
vi.stubGlobal('IntersectionObserver', Sight);

function chipOf(text: string, ask: (() => Promise<SigilAnswer>) | null = null): SigilChip {
  const sigil = sigilAt(text);
  const known = vocabulary.get(sigil?.type ?? '');
  if (sigil === null || known === undefined) throw new Error(`${text} is no sigil`);
  const chip = SigilChip.of(sigil, known, ask && new SigilResolution(ask, (error) => String(error)));
  document.body.replaceChildren(chip);
  return chip;
}
const look = (chip: SigilChip): void => Sight.last?.show(chip);

describe('SigilChip', () => {
  it('shows label and id, for an alias too, and asks nobody where nobody answers', () => {
    const chip = chipOf('[[mr:42]]');
    expect(chip.textContent).toBe('Pull Request42');
    expect(chip.title).toBe('Pull Request 42');
    expect(chip.querySelector('.skeleton')).toBeNull();
  });

  it('asks once it is in sight, and shows title, state and a link', async () => {
    const ask = vi.fn(() =>
      Promise.resolve({ title: 'Retry refunds', status: 'merged', url: 'https://example.com/pull/42' }),
    );
    const chip = chipOf('[[pr:42]]', ask);
    expect(chip.className).toBe('asking');
    expect(chip.querySelector('.skeleton')).not.toBeNull();
    expect(ask).not.toHaveBeenCalled();
    look(chip);
    look(chip);
    await vi.waitFor(() => expect(chip.className).toBe('known'));
    expect(ask).toHaveBeenCalledTimes(1);
    expect(chip.querySelector('.title')?.textContent).toBe('Retry refunds');
    expect(chip.querySelector('.status.ok')?.textContent).toBe('merged');
    expect(chip.querySelector('a')).toMatchObject({
      href: 'https://example.com/pull/42',
      target: '_blank',
      rel: 'noopener noreferrer',
    });
  });

  it('says that it could not be looked up, and asks again when something changed', async () => {
    let answer: Promise<SigilAnswer> = Promise.reject(new Error('The service is not running.'));
    const resolution = new SigilResolution(
      () => answer,
      (error) => (error instanceof Error ? error.message : ''),
    );
    const sigil = sigilAt('[[pr:42]]');
    const known = vocabulary.get('pr');
    if (!sigil || !known) throw new Error('no sigil');
    const chip = SigilChip.of(sigil, known, resolution);
    document.body.replaceChildren(chip);
    look(chip);
    await vi.waitFor(() => expect(chip.className).toBe('failed'));
    expect(chip.textContent).toBe('Pull Request42');
    expect(chip.title).toContain('The service is not running.');
    answer = Promise.resolve({ title: 'Retry refunds' });
    resolution.retry();
    await vi.waitFor(() => expect(chip.className).toBe('known'));
  });

  it('is forgotten when it leaves the page', () => {
    const chip = chipOf('[[pr:42]]', () => new Promise(() => undefined));
    expect(Sight.last?.seen.has(chip)).toBe(true);
    chip.remove();
    expect(Sight.last?.seen.has(chip)).toBe(false);
  });

  it.each([
    '<img src=x onerror=alert(1)>',
    '<script>alert(1)</script>',
    '"><svg onload=alert(1)>',
    '</span></pz-sigil><iframe srcdoc="<script>alert(1)</script>">',
    '[x](javascript:alert(1)) **bold** [[pr:1]]',
  ])('shows hostile titles, states and icons as text: %s', async (text) => {
    const chip = chipOf('[[pr:42]]', () => Promise.resolve({ title: text, status: text, icon: text, url: text }));
    look(chip);
    await vi.waitFor(() => expect(chip.className).toBe('known'));
    expect(chip.querySelector('.title')?.textContent).toBe(text);
    expect(chip.querySelector('.status')?.textContent).toBe(text);
    expect([...chip.querySelectorAll('*')].every(({ tagName }) => tagName === 'SPAN')).toBe(true);
  });

  it.each([
    'javascript:alert(1)',
    'JaVaScRiPt:alert(1)',
    ' javascript:alert(1)',
    'java\nscript:alert(1)',
    'data:text/html,<script>alert(1)</script>',
    'vbscript:x',
    'file:///etc/passwd',
    '//evil.example',
    '/s/1',
    'example.com',
  ])('makes no link of %j', async (url) => {
    const chip = chipOf('[[pr:42]]', () => Promise.resolve({ title: 'T', url }));
    look(chip);
    await vi.waitFor(() => expect(chip.className).toBe('known'));
    expect(chip.querySelector('a')).toBeNull();
  });
});

describe('vocabularyOf', () => {
  it('gives a name to the first who declares it, types before aliases', () => {
    const words = vocabularyOf(
      [
        { serviceId: 'a', type: 'pr', label: 'A', aliases: ['mr', 'issue'] },
        { serviceId: 'b', type: 'issue', label: 'B', aliases: ['mr'] },
        { serviceId: 'b', type: 'pr', label: 'C' },
      ],
      [{ id: 'a', icon: 'box' }],
    );
    expect([...words].map(([name, { label, icon }]) => `${name} ${label} ${icon}`)).toEqual([
      'pr A box',
      'issue B square',
      'mr A box',
    ]);
  });
});
