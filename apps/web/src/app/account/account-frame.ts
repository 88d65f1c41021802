import { Component, input } from '@angular/core';
import { BrandMark } from '../ui/brand-mark';

/** The page around login and registration. */
@Component({
  selector: 'pz-account-frame',
  imports: [BrandMark],
  template: `
    <main>
      <pz-brand-mark [size]="36" />
      <h1>{{ heading() }}</h1>
      <p class="muted lead">{{ lead() }}</p>
      <div><ng-content /></div>
    </main>
  `,
  styles: `
    :host {
      display: grid;
      min-height: 100%;
      padding: 24px 16px;
      overflow: auto;
      background: radial-gradient(
        900px 420px at 50% -160px,
        color-mix(in srgb, var(--brand) 9%, transparent),
        transparent
      );
    }
    main {
      display: grid;
      justify-items: center;
      align-content: start;
      width: min(360px, 100%);
      margin: clamp(16px, 12vh, 130px) auto 0;
    }
    h1 {
      margin-top: 14px;
      font-size: 1.25rem;
    }
    .lead {
      margin: 4px 0 24px;
      text-align: center;
      text-wrap: balance;
    }
    main > div {
      width: 100%;
    }
  `,
})
export class AccountFrame {
  readonly heading = input.required<string>();
  readonly lead = input.required<string>();
}
