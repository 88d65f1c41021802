import { Component, inject } from '@angular/core';
import { LucideMonitor, LucideMoon, LucideSun } from '@lucide/angular';
import { Theme } from '../core/theme';

/** The theme: the system's, dark, or light. */
@Component({
  selector: 'pz-appearance-page',
  imports: [LucideMonitor, LucideMoon, LucideSun],
  template: `
    <div class="pz-page">
      <header class="pz-page-head"><h1>Appearance</h1></header>
      <fieldset>
        <legend class="sr-only">Theme</legend>
        @for (choice of choices; track choice.value) {
          <label [class.on]="theme.choice() === choice.value">
            <input
              type="radio"
              name="theme"
              [value]="choice.value"
              [checked]="theme.choice() === choice.value"
              (change)="theme.choose(choice.value)"
            />
            <span class="sample {{ choice.value }}" aria-hidden="true"><i></i><i></i><i></i></span>
            <span class="name">
              @switch (choice.value) {
                @case ('system') {
                  <svg lucideMonitor></svg>
                }
                @case ('dark') {
                  <svg lucideMoon></svg>
                }
                @case ('light') {
                  <svg lucideSun></svg>
                }
              }
              {{ choice.label }}
            </span>
          </label>
        }
      </fieldset>
      <p class="faint">Saved in this browser. Motion follows the system’s reduced-motion setting.</p>
    </div>
  `,
  styles: `
    fieldset {
      display: grid;
      grid-template-columns: repeat(auto-fit, minmax(150px, 210px));
      gap: 12px;
      padding: 0;
      border: 0;
    }
    @media (max-width: 759px) {
      fieldset {
        grid-template-columns: minmax(0, 1fr);
      }
    }
    label {
      display: grid;
      overflow: hidden;
      border: 1px solid var(--border);
      border-radius: 10px;
      background: var(--surface);
      cursor: pointer;
    }
    label.on {
      border-color: var(--accent);
      box-shadow: 0 0 0 1px var(--accent);
    }
    label:has(input:focus-visible) {
      outline: 2px solid var(--accent);
      outline-offset: 3px;
    }
    input {
      position: absolute;
      opacity: 0;
    }
    .name {
      display: flex;
      align-items: center;
      gap: 8px;
      min-height: 40px;
      padding: 0 12px;
      border-top: 1px solid var(--border-soft);
      font-weight: 500;
    }
    .sample {
      display: grid;
      gap: 7px;
      height: 92px;
      padding: 16px;
      align-content: start;
      background: #0a0a0b;
    }
    .sample i {
      height: 8px;
      border-radius: 3px;
      background: #2e2e33;
    }
    .sample i:first-child {
      width: 42%;
      background: #8ab4ff;
    }
    .sample i:nth-child(2) {
      width: 88%;
    }
    .sample i:nth-child(3) {
      width: 66%;
    }
    .light {
      background: #fbfbfa;
    }
    .light i {
      background: #dededb;
    }
    .light i:first-child {
      background: #1d4ed8;
    }
    .system {
      background: linear-gradient(115deg, #0a0a0b 50%, #fbfbfa 50.3%);
    }
    .system i {
      background: #85858e;
    }
  `,
})
export class AppearancePage {
  protected readonly theme = inject(Theme);
  protected readonly choices = [
    { value: 'system', label: 'System' },
    { value: 'dark', label: 'Dark' },
    { value: 'light', label: 'Light' },
  ] as const;
}
