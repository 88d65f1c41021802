import { Component, input } from '@angular/core';
import { LucidePaperclip } from '@lucide/angular';

/** Lies over what takes dropped files, while files are above it. */
@Component({
  selector: 'pz-drop-zone',
  imports: [LucidePaperclip],
  host: { '[class.refusing]': 'isRefusing()' },
  template: `<span><svg lucidePaperclip size="1rem"></svg>{{ text() }}</span>`,
  styles: `
    :host {
      position: absolute;
      z-index: 28;
      inset: 8px;
      display: grid;
      place-items: center;
      border: 2px dashed var(--accent);
      border-radius: var(--radius-l);
      background: color-mix(in srgb, var(--accent-bg) 82%, transparent);
      pointer-events: none;
    }
    :host(.refusing) {
      border-color: var(--border);
      background: color-mix(in srgb, var(--surface) 82%, transparent);
    }
    span {
      display: flex;
      align-items: center;
      gap: 10px;
      max-width: calc(100% - 32px);
      padding: 10px 16px;
      border: 1px solid var(--border);
      border-radius: var(--radius);
      background: var(--surface);
      box-shadow: var(--shadow);
    }
    svg {
      flex: none;
      color: var(--muted);
    }
  `,
})
export class DropZone {
  readonly text = input.required<string>();
  /** Dropped files are not accepted; the text says why. */
  readonly isRefusing = input(false);
}
