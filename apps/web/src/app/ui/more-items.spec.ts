import { Component, signal } from '@angular/core';
import { TestBed } from '@angular/core/testing';
import { describe, expect, it } from 'vitest';
import { find, until } from '../../testing/until';
import { MoreItems } from './more-items';

@Component({
  imports: [MoreItems],
  template: `
    <table>
      <tbody>
        @for (row of rows(); track row) {
          <tr>
            <td>{{ row }}</td>
          </tr>
        }
      </tbody>
    </table>
    @if (hasMore()) {
      <pz-more-items (asked)="asked = true" />
    }
    <ul #list>
      @for (row of rows(); track row) {
        <li><div tabindex="0" [id]="'row-' + row"></div></li>
      }
    </ul>
    <button>Show fewer</button>
    @if (hasMore()) {
      <pz-more-items id="of-list" [list]="list" (asked)="asked = true" />
    }
  `,
})
class Host {
  readonly rows = signal([1, 2]);
  readonly hasMore = signal(true);
  asked = false;
}

describe('MoreItems', () => {
  async function shown(selector: string) {
    const fixture = TestBed.createComponent(Host);
    const page: HTMLElement = fixture.nativeElement;
    document.body.append(page);
    const button = await until(fixture, () => find(page, `${selector} button`));
    button.focus();
    button.click();
    expect(fixture.componentInstance.asked).toBe(true);
    return { fixture, page, host: fixture.componentInstance, button };
  }

  it('leaves the focus at the first row of the last page, for which there is no button any more', async () => {
    const { fixture, host, button } = await shown('pz-more-items:not([id])');
    host.rows.set([1, 2, 3, 4]);
    await fixture.whenStable();
    expect(document.activeElement).toBe(button);
    button.click();
    host.rows.set([1, 2, 3, 4, 5, 6]);
    host.hasMore.set(false);
    await fixture.whenStable();
    expect([document.activeElement?.localName, document.activeElement?.textContent.trim()]).toEqual(['tr', '5']);
    const row = document.activeElement;
    find(document.body, '#row-1')?.focus();
    expect(row?.hasAttribute('tabindex')).toBe(false);
  });

  it('knows a list that is not the element before it, and rows with a place for the focus', async () => {
    const { fixture, host } = await shown('#of-list');
    host.rows.set([1, 2, 3]);
    host.hasMore.set(false);
    await fixture.whenStable();
    expect(document.activeElement?.id).toBe('row-3');
  });

  it('leaves it at the list where the last page brought nothing', async () => {
    const { fixture, host } = await shown('#of-list');
    host.hasMore.set(false);
    await fixture.whenStable();
    expect(document.activeElement?.localName).toBe('ul');
  });

  it('takes it from nobody who has gone elsewhere', async () => {
    const { fixture, page, host } = await shown('pz-more-items:not([id])');
    find(page, '#row-2')?.focus();
    host.rows.set([1, 2, 3]);
    host.hasMore.set(false);
    await fixture.whenStable();
    expect(document.activeElement?.id).toBe('row-2');
  });
});
