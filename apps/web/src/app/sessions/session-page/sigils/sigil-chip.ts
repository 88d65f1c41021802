import type { SigilAnswer } from '../../../core/api/sigil-shapes';
import { lucideFile } from '../../../ui/lucide-file';
import type { Sigil } from './sigil';
import type { SigilResolution, SigilState } from './sigil-resolution';
import type { KnownSigil } from './sigil-vocabulary';
import { statusTone } from './status-tone';

const UNASKED: SigilState = { kind: 'unasked' };
/** Looked up this far ahead, so that the title is there when the chip comes into sight. */
const NEARBY = '200px';
let sight: IntersectionObserver | undefined;

/**
 * A sigil in a text, as a custom element: it comes and goes with the text's own DOM, and learns by itself when it is in the page and in
 * sight. Everything foreign in it is set as text.
 */
export class SigilChip extends HTMLElement {
  private sigil: Sigil | undefined;
  private known: KnownSigil | undefined;
  private resolution: SigilResolution | null = null;
  private stopListening: (() => void) | null = null;
  private hide: (() => void) | null = null;

  /** Without a resolution it shows only what is written. */
  static of(sigil: Sigil, known: KnownSigil, resolution: SigilResolution | null): SigilChip {
    if (!customElements.get('pz-sigil')) customElements.define('pz-sigil', SigilChip);
    const chip = new SigilChip();
    chip.sigil = sigil;
    chip.known = known;
    chip.resolution = resolution;
    return chip;
  }

  connectedCallback(): void {
    this.render();
    if (this.resolution === null) return;
    this.stopListening = this.resolution.listen(() => this.render());
    sight ??= new IntersectionObserver(tellChips, { rootMargin: NEARBY });
    sight.observe(this);
  }

  disconnectedCallback(): void {
    sight?.unobserve(this);
    this.stopListening?.();
    this.setInSight(false);
  }

  setInSight(isInSight: boolean): void {
    if (isInSight) {
      this.hide ??= this.resolution?.show() ?? null;
    } else {
      this.hide?.();
      this.hide = null;
    }
  }

  private render(): void {
    const { sigil, known } = this;
    if (sigil === undefined || known === undefined) return;
    const state = this.resolution?.state ?? UNASKED;
    const answer = state.kind === 'known' ? state.answer : undefined;
    const isAwaited = this.resolution !== null && (state.kind === 'unasked' || state.kind === 'asking');
    this.className = isAwaited ? 'asking' : state.kind;
    this.title = [`${known.label} ${sigil.id}`, known.description, failureOf(state)].filter(Boolean).join('\n');
    const frame = frameOf(answer);
    frame.append(icon(answer?.icon ?? known.icon));
    frame.append(...(answer?.title ? facts(sigil, known, answer) : plain(sigil, known)));
    if (isAwaited) frame.append(part('skeleton', ''));
    this.replaceChildren(frame);
  }
}

function failureOf(state: SigilState): string {
  return state.kind === 'failed' ? `Could not be looked up: ${state.reason}` : '';
}

function tellChips(entries: IntersectionObserverEntry[]): void {
  for (const { target, isIntersecting } of entries) {
    if (target instanceof SigilChip) target.setInSight(isIntersecting);
  }
}

/** Where the service knows an address, a link to it. */
function frameOf(answer: SigilAnswer | undefined): HTMLElement {
  const address = webAddress(answer?.url);
  if (address === null) return document.createElement('span');
  const link = document.createElement('a');
  link.href = address;
  link.target = '_blank';
  link.rel = 'noopener noreferrer';
  return link;
}

function webAddress(text: string | undefined): string | null {
  const url = text === undefined ? null : URL.parse(text);
  return url?.protocol === 'https:' || url?.protocol === 'http:' ? url.href : null;
}

function plain({ id }: Sigil, { label }: KnownSigil): HTMLElement[] {
  return [part('label', label), part('id', id)];
}

/** The icon says what it is to the eye, the label to a screen reader. */
function facts({ id }: Sigil, { label }: KnownSigil, { title, status }: SigilAnswer): HTMLElement[] {
  const parts = [part('sr-only', label), part('id', id), part('title', title)];
  return status ? [...parts, part(`status ${statusTone(status)}`, status)] : parts;
}

function part(className: string, text: string): HTMLElement {
  const element = document.createElement('span');
  element.className = className;
  element.textContent = text;
  return element;
}

function icon(name: string): HTMLElement {
  const element = part('icon', '');
  void lucideFile(name).then((file) => {
    element.style.maskImage = `url("${file}")`;
  });
  return element;
}
