import { Component, signal } from '@angular/core';
import { TestBed } from '@angular/core/testing';
import { describe, expect, it } from 'vitest';
import { find, until } from '../../testing/until';
import { Modal } from './modal';

@Component({
  imports: [Modal],
  template: `
    <button id="opener">Open</button>
    @if (isOpen()) {
      <pz-modal label="Rename"><input id="name" /></pz-modal>
    }
  `,
})
class Host {
  readonly isOpen = signal(false);
}

describe('Modal', () => {
  it('gives the focus back when it is removed', async () => {
    const fixture = TestBed.createComponent(Host);
    const opener = await until(fixture, () => find(document.body, '#opener'));
    opener.focus();
    fixture.componentInstance.isOpen.set(true);
    (await until(fixture, () => find(document.body, '#name'))).focus();
    fixture.componentInstance.isOpen.set(false);
    await fixture.whenStable();
    expect(document.activeElement).toBe(opener);
  });
});
