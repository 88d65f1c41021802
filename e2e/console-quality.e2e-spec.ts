import { gate, launchBrowser, type ScriptedModel, startScriptedModel, waitFor, wordsUntil } from '@pizzapi/testing';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { accessibilityProblems } from './console/accessibility.js';
import { PAGES } from './console/pages.js';
import { Person, PHONE, WIDE } from './console/person.js';
import { Product } from './console/product.js';

/** Icons, dots and faces that stay as they are where text is twice as large: who reads large text sees no better what is drawn small. */
const NOT_GROWING = `(() => {
  const signs = [...document.querySelectorAll('svg, pz-status-dot, pz-avatar, pz-lucide-icon')];
  const widths = () => signs.map((sign) => sign.getBoundingClientRect().width);
  const usual = widths();
  document.documentElement.style.fontSize = '200%';
  const large = widths();
  document.documentElement.style.fontSize = '';
  return signs.flatMap((sign, index) => {
    const isSeen = usual[index] > 0 && large[index] > 0;
    return isSeen && large[index] < 1.9 * usual[index] ? [sign.localName + '.' + sign.getAttribute('class')] : [];
  });
})()`;

const OVERFLOWING_LABELS = `[...document.querySelectorAll('dt')].flatMap((label) => label.scrollWidth > label.clientWidth ? [label.textContent] : [])`;

/** Fields whose line is less than 3:1 against what is around it or against their own ground, by WCAG 1.4.11; nothing else shows where they are. */
const FAINT_FIELDS = `(() => {
  const context = document.createElement('canvas').getContext('2d', { willReadFrequently: true });
  const rgb = (color) => {
    context.clearRect(0, 0, 1, 1);
    context.fillStyle = color;
    context.fillRect(0, 0, 1, 1);
    return [...context.getImageData(0, 0, 1, 1).data];
  };
  const luminance = (color) => {
    const [red, green, blue] = rgb(color).map((part) => (part / 255 <= 0.04045 ? part / 255 / 12.92 : ((part / 255 + 0.055) / 1.055) ** 2.4));
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
  };
  const ground = (element) => {
    const color = getComputedStyle(element).backgroundColor;
    return rgb(color)[3] === 255 || element.parentElement === null ? color : ground(element.parentElement);
  };
  const contrast = (one, other) => {
    const [dark, light] = [luminance(one), luminance(other)].sort((a, b) => a - b);
    return (light + 0.05) / (dark + 0.05);
  };
  const fields = [...document.querySelectorAll('.pz-input, pz-composer .box, .search, pz-find-bar, pz-name-edit input, input[type=checkbox]')];
  return fields.filter((field) => field.checkVisibility() && !field.matches(':disabled')).flatMap((field) => {
    const line = getComputedStyle(field).borderTopColor;
    const [own, around] = [ground(field), ground(field.parentElement)];
    // One that is ticked is filled.
    const worst = Math.max(contrast(own, around), Math.min(contrast(line, own), contrast(line, around)));
    return worst < 3 ? [field.localName + '.' + field.className + ' ' + worst.toFixed(2)] : [];
  });
})()`;

/** Cards that can be scrolled sideways: something of them is out of sight. */
const TOO_NARROW_CARDS = `[...document.querySelectorAll('.pz-card')].flatMap((card) => card.scrollWidth > card.clientWidth ? [card.textContent.trim().slice(0, 40)] : [])`;

/** Of pages that are not there. */
const EXPECTED = [/status of 404/];

describe('the console keeps its promises', () => {
  let model: ScriptedModel;
  let product: Product;
  let browser: Browser;
  let ada: Person;

  beforeAll(async () => {
    model = await startScriptedModel();
    [product, browser] = await Promise.all([Product.start({ modelsJson: model.modelsJson }), launchBrowser()]);
    ada = await Person.open(browser, product.url, 'ada@example.com', { expected: EXPECTED });
  });
  afterAll(async () => {
    await browser.close();
    await product[Symbol.asyncDispose]();
    await model.close();
  });

  it('sends strict headers', async () => {
    const { headers } = await fetch(product.url);
    const policy = new Map(
      (headers.get('content-security-policy') ?? '').split(';').map((directive) => {
        const [name = '', ...sources] = directive.trim().split(/\s+/);
        return [name, sources] as const;
      }),
    );
    const scripts = policy.get('script-src') ?? policy.get('default-src');
    expect(scripts).toContain("'self'");
    for (const loose of ["'unsafe-inline'", "'unsafe-eval'", '*', 'https:', 'data:']) {
      expect(scripts).not.toContain(loose);
    }
    expect(policy.get('object-src')).toEqual(["'none'"]);
    expect(policy.get('base-uri')).toBeDefined();
    expect(policy.get('frame-ancestors')).toBeDefined();
    expect(headers.get('x-content-type-options')).toBe('nosniff');
    expect(headers.get('referrer-policy')).toBeTruthy();
    expect(headers.get('x-powered-by')).toBeNull();
  });

  it('is accessible to who comes first', async () => {
    await ada.page.goto('/register');
    await ada.page.getByRole('button', { name: 'Create account' }).waitFor();
    expect(await accessibilityProblems(ada.page)).toEqual([]);
    await ada.register('Ada');
  });

  it('is accessible at login', async () => {
    const visitor = await Person.open(browser, product.url, 'visitor@example.com');
    await visitor.page.goto('/login');
    await visitor.page.getByRole('button', { name: 'Sign in' }).waitFor();
    expect(await accessibilityProblems(visitor.page)).toEqual([]);
    await visitor.context.close();
  });

  it('is accessible at home, with and without sessions, in the dialog, and in a session', async () => {
    expect(await accessibilityProblems(ada.page)).toEqual([]);
    const dialog = await ada.newSession();
    await dialog.offeredModels();
    expect(await accessibilityProblems(ada.page)).toEqual([]);
    await dialog.prompt.fill('Read this aloud');
    const looked = gate();
    model.next(
      async (answer) => {
        await answer.thinking('It is to be read by everybody.');
        await answer.text('## A menu\n\n1. **Margherita**\n2. `bianca`\n\n> Eight slices each\n');
        await looked.opened;
        await answer.toolCall('bash', { command: 'seq 8' });
      },
      (answer) => answer.toolCall('write', { path: 'menu.md', content: 'Status: draft\n' }),
      (answer) => answer.toolCall('edit', { path: 'menu.md', edits: [{ oldText: 'draft', newText: 'finished' }] }),
      (answer) => answer.text('That is the menu.'),
    );
    await dialog.start();
    const session = await ada.session();
    await session.is('working');
    await session.queue('Queued meanwhile');
    await session.chips.waitFor();
    expect(await accessibilityProblems(ada.page)).toEqual([]);
    await session.chips.getByRole('button', { name: 'Take back' }).click();
    await session.chips.waitFor({ state: 'detached' });
    looked.open();
    await session.says('That is the menu.');
    await session.is('idle');
    await session.log
      .getByRole('button', { name: /^Thought/ })
      .first()
      .click();
    expect(await accessibilityProblems(ada.page)).toEqual([]);
    await ada.page.setViewportSize(PHONE);
    expect(await accessibilityProblems(ada.page)).toEqual([]);
    await ada.page.goto('/');
    await ada.page
      .getByRole('link', { name: /Read this aloud/ })
      .first()
      .waitFor();
    expect(await accessibilityProblems(ada.page)).toEqual([]);
  });

  it('keeps the end of a conversation in sight while it grows and the window changes', async () => {
    const { page } = ada;
    await page.setViewportSize(WIDE);
    const dialog = await ada.newSession();
    await dialog.prompt.fill('Talk');
    const end = gate();
    model.next(
      async (answer, request) => {
        for (let number = 1; number <= 40; number++)
          await answer.text(`**${number}.** ${'The oven is hot and the dough is ready. '.repeat(8)}\n\n`);
        await wordsUntil(end)(answer, request);
      },
      (answer) => answer.text('Enough said.'),
    );
    await dialog.start();
    const session = await ada.session();
    await session.says(/word 20/);
    const way = page.getByRole('button', { name: /^(?:Latest|\d+ new)$/ });
    const sizes = [PHONE, { width: 900, height: 500 }, { width: 700, height: 700 }, WIDE];
    for (const size of [...sizes, ...sizes, ...sizes, ...sizes]) {
      await page.setViewportSize(size);
      const before = await session.streamedLength();
      await waitFor(async () => (await session.streamedLength()) > before, { description: 'the answer grows' });
      await session.isAtItsEnd();
      expect(await way.count()).toBe(0);
    }
    end.open();
    await session.says('Enough said.');
    await session.is('idle');
    // Who scrolls up is left there.
    await session.log.hover();
    await page.mouse.wheel(0, -600);
    await way.waitFor();
  });

  it('is accessible on its other pages', async () => {
    for (const path of PAGES) {
      await ada.page.goto(path);
      await ada.page.getByRole('heading', { level: 1 }).first().waitFor();
      expect(await accessibilityProblems(ada.page), path).toEqual([]);
    }
  });

  it('draws its signs larger where text is, and keeps room for words', async () => {
    const { page } = ada;
    await page.setViewportSize(WIDE);
    for (const path of PAGES) {
      await page.goto(path);
      await page.getByRole('heading', { level: 1 }).first().waitFor();
      expect(await page.evaluate(NOT_GROWING), path).toEqual([]);
    }
    await page.goto('/');
    const link = page.getByRole('link', { name: /Read this aloud/ }).first();
    await link.waitFor();
    expect(await page.evaluate(NOT_GROWING), 'home').toEqual([]);
    await link.click();
    await (await ada.session()).says('That is the menu.');
    expect(await page.evaluate(NOT_GROWING), 'a session').toEqual([]);
    await page.getByRole('tab', { name: 'Details' }).click();
    await page.evaluate("document.documentElement.style.fontSize = '200%'");
    await page.setViewportSize({ width: 1280, height: 900 });
    // Its name is not squeezed out by what stands beside it, and the facts do not lie over their labels.
    expect((await page.locator('pz-session-header h1').boundingBox())?.width).toBeGreaterThan(120);
    expect(await page.evaluate(OVERFLOWING_LABELS)).toEqual([]);
    await page.setViewportSize(WIDE);
  });

  it('draws where its fields are so that everybody sees it', async () => {
    const { page } = ada;
    const look = async (what: string): Promise<void> => {
      for (const colorScheme of ['light', 'dark'] as const) {
        await page.emulateMedia({ colorScheme });
        await page.locator(`html[data-theme=${colorScheme}]`).waitFor();
        // Lines pass on to another colour: as they are at the end.
        await page.addStyleTag({ content: '* { transition: none !important }' });
        expect(await page.evaluate(FAINT_FIELDS), `${what}, ${colorScheme}`).toEqual([]);
      }
    };
    await page.goto('/admin/policies');
    await page.getByLabel('Allowed hosts').waitFor();
    await look('policies');
    await page.goto('/settings/keys');
    await page.getByRole('button', { name: 'New key' }).first().click();
    await page.getByLabel('Expires').waitFor();
    await look('a new key');
    await page.goto('/');
    await page
      .getByRole('link', { name: /Read this aloud/ })
      .first()
      .click();
    await (await ada.session()).says('That is the menu.');
    await page.keyboard.press('Escape');
    await page.locator('pz-transcript-view [role=log]').focus();
    await page.keyboard.press('/');
    await page.getByRole('searchbox', { name: 'Find in this conversation' }).waitFor();
    await look('a session');
  });

  it('puts all of a table in sight on a phone with large text', async () => {
    const { page } = ada;
    await page.setViewportSize(PHONE);
    for (const path of ['/runners', `/runners/${product.runnerId}/overview`, '/settings/keys', '/admin/members']) {
      await page.goto(path);
      await page.locator('.pz-table').first().waitFor();
      for (const fontSize of ['', '200%']) {
        await page.evaluate(`document.documentElement.style.fontSize = '${fontSize}'`);
        expect(await page.evaluate(TOO_NARROW_CARDS), `${path} ${fontSize}`).toEqual([]);
      }
      expect(await accessibilityProblems(page), path).toEqual([]);
    }
    await page.setViewportSize(WIDE);
  });

  it('says that there is no such page, session or runner, to everybody', async () => {
    const nobody = '01a228d1-0000-7000-8000-000000000000';
    for (const [path, words] of [
      ['/nowhere', 'There is no such page'],
      ['/s/cut-short', 'There is no such page'],
      [`/s/${nobody}`, 'There is no such session, or it is not yours.'],
      [`/runners/${nobody}/overview`, 'There is no such runner'],
    ] as const) {
      await ada.page.goto(path);
      await ada.page.getByText(words).waitFor();
      expect(await accessibilityProblems(ada.page), path).toEqual([]);
    }
  });

  it('had nothing to complain of', () => {
    expect(ada.complaints).toEqual([]);
  });
});
