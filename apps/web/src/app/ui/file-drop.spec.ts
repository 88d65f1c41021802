import { Component, viewChild } from '@angular/core';
import { TestBed, type ComponentFixture } from '@angular/core/testing';
import { beforeEach, describe, expect, it } from 'vitest';
import { refuseStrayDrops } from '../core/refuse-stray-drops';
import { FileDrop } from './file-drop';

@Component({
  imports: [FileDrop],
  template: `
    <section pzFileDrop (dropped)="files.push(...$event)">
      <p>Inside</p>
      <dialog><b>Above</b></dialog>
    </section>
    <i>Outside</i>
    <input type="file" />
  `,
})
class Page {
  readonly drop = viewChild.required(FileDrop);
  readonly files: File[] = [];
}

describe('files that are dragged over a page', () => {
  let fixture: ComponentFixture<Page>;
  let host: HTMLElement;
  const notes = new File(['x'], 'notes.txt');

  beforeEach(async () => {
    fixture = TestBed.createComponent(Page);
    host = fixture.nativeElement;
    await fixture.whenStable();
  });

  function drag(kind: string, selector: string, types = ['Files'], relatedTarget: Element | null = null): Event {
    const event = new Event(kind, { bubbles: true, cancelable: true });
    Object.assign(event, { dataTransfer: { types, files: [notes] }, relatedTarget });
    host.querySelector(selector)?.dispatchEvent(event);
    return event;
  }
  const page = (): Page => fixture.componentInstance;

  it('are taken wherever they are dropped in it', () => {
    expect(drag('dragenter', 'section').defaultPrevented).toBe(true);
    drag('dragleave', 'section', ['Files'], host.querySelector('p'));
    expect(page().drop().isOver()).toBe(true);
    expect(drag('drop', 'p').defaultPrevented).toBe(true);
    expect([page().files, page().drop().isOver()]).toEqual([[notes], false]);
  });

  it('may leave again', () => {
    drag('dragover', 'p');
    drag('dragleave', 'p', ['Files'], host.querySelector('i'));
    expect(page().drop().isOver()).toBe(false);
  });

  it('are not meant by a text that is dragged, nor by what is dropped on a dialog above it', () => {
    expect(drag('dragover', 'p', ['text/plain']).defaultPrevented).toBe(false);
    drag('drop', 'b');
    expect([page().files, page().drop().isOver()]).toEqual([[], false]);
  });

  it('never take the place of the page, also where nothing takes them', () => {
    refuseStrayDrops(host);
    for (const kind of ['dragover', 'drop'])
      for (const place of ['i', 'b']) expect(drag(kind, place).defaultPrevented).toBe(true);
    expect(drag('dragover', 'i', ['text/plain']).defaultPrevented).toBe(false);
    expect(drag('drop', 'input').defaultPrevented).toBe(false);
  });
});
