import { waitFor } from '@pizzapi/testing';
import type { Browser, BrowserContext, ConsoleMessage, Page } from 'playwright-core';
import { NewSessionDialog } from './new-session-dialog.js';
import { SessionPage } from './session-page.js';

/** Wide, as on a desk. */
export const WIDE = { width: 1440, height: 900 };
export const PHONE = { width: 390, height: 844 };

/** Chromium itself writes a line for every answer from 400 on; these are asked for. */
const EXPECTED: readonly RegExp[] = [
  /status of 401 .* \/api\/auth\/me$/, // how the console finds out that nobody is signed in
];

interface PersonOptions {
  viewport?: typeof WIDE;
  expected?: readonly RegExp[];
  serviceWorkers?: 'allow' | 'block';
}

/** Somebody with a browser of their own: what they do, and what their browser complained of. */
export class Person {
  /** Errors in the console and in scripts that nobody expected. */
  readonly complaints: string[] = [];

  private constructor(
    readonly context: BrowserContext,
    readonly page: Page,
    readonly email: string,
  ) {}

  static async open(
    browser: Browser,
    baseURL: string,
    email: string,
    { viewport = WIDE, expected = [], serviceWorkers = 'allow' }: PersonOptions = {},
  ): Promise<Person> {
    const context = await browser.newContext({
      baseURL,
      viewport,
      serviceWorkers,
      colorScheme: 'dark',
      reducedMotion: 'reduce',
    });
    const page = await context.newPage();
    page.setDefaultTimeout(60_000);
    const person = new Person(context, page, email);
    page.on('pageerror', (error) => person.complaints.push(String(error)));
    page.on('console', (message) => person.note(message, [...EXPECTED, ...expected]));
    return person;
  }

  get password(): string {
    return `correct horse ${this.email}`;
  }

  /** Fills the form of the page that is open, and waits until the console is there. */
  async register(name: string): Promise<void> {
    await this.askForAccount(name);
    await this.arrived();
  }

  async askForAccount(name: string): Promise<void> {
    await this.page.getByLabel('Name').fill(name);
    await this.page.getByLabel('Email').fill(this.email);
    await this.page.getByLabel('Password').fill(this.password);
    await this.page.getByRole('button', { name: 'Create account' }).click();
  }

  async signIn(): Promise<void> {
    await this.page.goto('/login');
    await this.page.getByLabel('Email').fill(this.email);
    await this.page.getByLabel('Password').fill(this.password);
    await this.page.getByRole('button', { name: 'Sign in' }).click();
    await this.arrived();
  }

  /** From the list: the button in its head. */
  async newSession(): Promise<NewSessionDialog> {
    await this.page.getByRole('button', { name: 'New session', exact: true }).first().click();
    return NewSessionDialog.shown(this.page);
  }

  async openSession(sessionId: string): Promise<SessionPage> {
    await this.page.goto(`/s/${sessionId}`);
    return this.session();
  }

  /** The session whose page is open. */
  async session(): Promise<SessionPage> {
    const sessionId = await waitFor(() => /\/s\/([\w-]{36})/.exec(this.page.url())?.[1], {
      description: 'the address is that of a session',
    });
    return new SessionPage(this.page, sessionId);
  }

  /** The one that the page of another led to. */
  async sessionAfter({ sessionId }: SessionPage): Promise<SessionPage> {
    await this.page.waitForURL((url) => !url.pathname.includes(sessionId));
    return this.session();
  }

  private async arrived(): Promise<void> {
    await this.page.getByLabel('Search sessions by name, folder and model').waitFor();
  }

  private note(message: ConsoleMessage, expected: readonly RegExp[]): void {
    if (message.type() !== 'error') return;
    const url = message.location().url;
    const path = url === '' ? '' : new URL(url).pathname;
    const line = `${message.text()} ${path}`;
    if (!expected.some((pattern) => pattern.test(line))) this.complaints.push(line);
  }
}
