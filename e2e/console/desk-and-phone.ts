import { launchBrowser, RelayApi, type ScriptedModel, startScriptedModel } from '@pizzapi/testing';
import type { Browser } from 'playwright-core';
import { expect } from 'vitest';
import { accessibilityProblems } from './accessibility.js';
import { Person, PHONE } from './person.js';
import { takePictures } from './pictures.js';
import { Product, type ProductOptions } from './product.js';

export interface DeskAndPhoneOptions extends Omit<ProductOptions, 'modelsJson'> {
  /** Which errors either browser may write. */
  expected: readonly RegExp[];
}

/** One person, signed in at a desk and on a phone, before a product whose model says what a test wrote. */
export class DeskAndPhone implements AsyncDisposable {
  private constructor(
    readonly model: ScriptedModel,
    readonly product: Product,
    private readonly browser: Browser,
    /** The same person by REST. */
    readonly owner: RelayApi,
    readonly desk: Person,
    readonly phone: Person,
  ) {}

  static async start({ expected, ...options }: DeskAndPhoneOptions): Promise<DeskAndPhone> {
    const model = await startScriptedModel();
    const [product, browser] = await Promise.all([
      Product.start({ ...options, modelsJson: model.modelsJson }),
      launchBrowser(),
    ]);
    const email = 'ada@example.com';
    const owner = await new RelayApi(product.url).register(email, { name: 'Ada' });
    const desk = await Person.open(browser, product.url, email, { expected });
    const phone = await Person.open(browser, product.url, email, { viewport: PHONE, expected });
    await Promise.all([desk.signIn(), phone.signIn()]);
    return new DeskAndPhone(model, product, browser, owner, desk, phone);
  }

  /** At the desk, in every size and theme, with nothing that shuts anybody out. */
  async look(name: string): Promise<void> {
    await takePictures(this.desk.page, name);
    expect(await accessibilityProblems(this.desk.page)).toEqual([]);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.browser.close();
    await this.product[Symbol.asyncDispose]();
    await this.model.close();
  }
}
