import { TestBed } from '@angular/core/testing';
import { describe, expect, it } from 'vitest';
import { toTranscriptItem } from '../sessions/session-page/conversation/transcript-item';
import { deliveriesOf } from '../sessions/session-page/triggers/delivery';
import { letterTitle } from '../triggers/dead-letters/letter-words';
import { withDirectionsShown } from './direction-signs';
import { JsonView } from './json-view';

const TURNED = 'safe\u202Egnp.exe\u202C';
const SHOWN = 'safe⟨U+202E⟩gnp.exe⟨U+202C⟩';
const ts = '2026-01-01T00:00:00.000Z';
const facts = { type: TURNED, source: TURNED, summary: TURNED, payload: { note: TURNED }, ts };

describe('signs that turn the direction of a text', () => {
  it('are shown, and nothing else is', () => {
    expect(withDirectionsShown('\u2066a\u2069')).toBe('⟨U+2066⟩a⟨U+2069⟩');
    const words = 'שלום\u200F, 👩\u200D💻 می\u200Cخواهم';
    expect(withDirectionsShown(words)).toBe(words);
  });

  it('are shown in type, source and summary of a trigger in the conversation', () => {
    const content = { role: 'custom', content: '', details: { id: 'dlv_1', trigger: JSON.stringify(facts) } };
    const item = toTranscriptItem({ seq: 1, entryId: 'e', kind: 'trigger', ts, content });
    expect(item).toMatchObject({ type: SHOWN, source: SHOWN, summary: SHOWN, payload: { note: TURNED } });
  });

  it('are shown in the panel of triggers', () => {
    const received = { ...facts, triggerId: 't', deliveryId: 'd', deliverAs: 'steer', direction: 'inbound' } as const;
    expect(deliveriesOf([], [received])).toMatchObject([{ type: SHOWN, source: SHOWN, title: SHOWN }]);
    const untitled = { ...received, summary: undefined };
    expect(deliveriesOf([], [untitled])).toMatchObject([{ title: `note: ${SHOWN}` }]);
  });

  it('are shown in dead letters', () => {
    const letter = { kind: 'trigger', type: TURNED, payload: {} } as const;
    const titled = (summary: string | null): string =>
      letterTitle({
        ...letter,
        summary,
        deliveryId: 'd',
        sessionId: 's',
        sessionName: null,
        runnerId: 'r',
        triggerId: 't',
        listenerId: null,
        reason: { code: 'x', detail: '' },
        attempts: 1,
        ts,
        diedAt: ts,
      });
    expect([titled(TURNED), titled(null)]).toEqual([SHOWN, SHOWN]);
  });

  it('are shown in payloads', async () => {
    const fixture = TestBed.createComponent(JsonView);
    fixture.componentRef.setInput('value', { note: TURNED });
    await fixture.whenStable();
    const page: HTMLElement = fixture.nativeElement;
    expect(page.querySelector('pre')?.textContent).toContain(`"note": "${SHOWN}"`);
  });
});
