import { Service, computed, effect, signal } from '@angular/core';

export type ThemeChoice = 'system' | 'dark' | 'light';

/** The same key as `public/theme.js`, which sets the theme before the first paint. */
const STORAGE_KEY = 'pizzapi.theme';

/** Dark, light, or what the system says. */
@Service()
export class Theme {
  private readonly systemIsLight = signal(false);
  private readonly stored = signal<ThemeChoice>(readChoice());
  readonly choice = this.stored.asReadonly();
  readonly resolved = computed(() => {
    const choice = this.stored();
    if (choice !== 'system') return choice;
    return this.systemIsLight() ? 'light' : 'dark';
  });

  constructor() {
    const media = matchMedia('(prefers-color-scheme: light)');
    this.systemIsLight.set(media.matches);
    media.addEventListener('change', (event) => this.systemIsLight.set(event.matches));
    effect(() => {
      const theme = this.resolved();
      document.documentElement.dataset['theme'] = theme;
      const background = theme === 'light' ? '#fbfbfa' : '#0a0a0b';
      document.querySelector('meta[name=theme-color]')?.setAttribute('content', background);
    });
  }

  choose(choice: ThemeChoice): void {
    this.stored.set(choice);
    localStorage.setItem(STORAGE_KEY, choice);
  }

  /** Dark to light and back, whatever the system says. */
  toggle(): void {
    this.choose(this.resolved() === 'dark' ? 'light' : 'dark');
  }
}

function readChoice(): ThemeChoice {
  const value = localStorage.getItem(STORAGE_KEY);
  return value === 'dark' || value === 'light' ? value : 'system';
}
