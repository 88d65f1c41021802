import { Service, inject } from '@angular/core';
import { copyText } from '../ui/copy-text';
import { Toasts } from './toasts';

/** Copies, and says so. */
@Service()
export class Clipboard {
  private readonly toasts = inject(Toasts);

  async copy(text: string, said: string): Promise<void> {
    if (await copyText(text)) this.toasts.show(said);
    else this.toasts.fail('The browser refused to copy.');
  }
}
