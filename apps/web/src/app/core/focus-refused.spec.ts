import { beforeEach, describe, expect, it, vi } from 'vitest';
import { focusRefused } from './focus-refused';

describe('focusRefused', () => {
  let form: HTMLFormElement;
  const field = (name: string): HTMLInputElement => form.querySelector(`[name=${name}]`) ?? new HTMLInputElement();
  const refuse = (name: string): void => field(name).setAttribute('aria-invalid', 'true');
  const focused = (element: HTMLElement) =>
    vi.waitFor(() => expect(document.activeElement).toBe(element), { timeout: 20_000 });

  beforeEach(() => {
    const host = document.createElement('div');
    host.innerHTML = '<form><input name="type" /><input name="prompt" /><button>Save</button></form>';
    document.body.replaceChildren(host);
    focusRefused(host);
    form = host.querySelector('form') ?? document.createElement('form');
    form.addEventListener('submit', (event) => event.preventDefault());
    form.querySelector('button')?.focus();
  });

  it('goes to the first field that was refused, whenever the answer comes', async () => {
    form.requestSubmit();
    await new Promise((resolve) => setTimeout(resolve));
    refuse('prompt');
    refuse('type');
    await focused(field('type'));
  });

  it('goes there again where nothing was changed', async () => {
    refuse('prompt');
    form.requestSubmit();
    await focused(field('prompt'));
  });

  it('leaves alone who goes on typing', async () => {
    form.requestSubmit();
    field('prompt').focus();
    field('prompt').dispatchEvent(new Event('input', { bubbles: true }));
    refuse('type');
    await new Promise((resolve) => setTimeout(resolve));
    expect(document.activeElement).toBe(field('prompt'));
  });
});
