import { provideRouter } from '@angular/router';
import { TestBed } from '@angular/core/testing';
import { Composer } from './composer/composer';
import { QueuedInputs } from './composer/queued-inputs';
import { RowView } from './transcript/row-view';
import { Disclosure } from './transcript/disclosure';
import { ToolGroup } from './tools/tool-group';
import { ToolOutput } from './tools/tool-output';
import { MarkdownView } from './markdown/markdown-view';
import { appendText, growingText } from './conversation/growing-text';
import { applyEvents } from './conversation/apply-event';
import { call, EventScript } from './conversation/conversation-fixtures';
import { emptyConversation } from './conversation/conversation';
import type { ToolsRow } from './conversation/row';
import { toRows } from './conversation/rows';

const SESSION = '0198c0de-0000-7000-8000-000000000001';

beforeEach(() => {
  localStorage.clear();
  TestBed.configureTestingModule({ providers: [provideRouter([]), Disclosure] });
});

function composer(isWorking: boolean) {
  const fixture = TestBed.createComponent(Composer);
  fixture.componentRef.setInput('sessionId', SESSION);
  fixture.componentRef.setInput('isWorking', isWorking);
  const sent: { text: string; deliverAs: string }[] = [];
  fixture.componentInstance.sent.subscribe((message) => sent.push(message));
  fixture.detectChanges();
  const host: HTMLElement = fixture.nativeElement;
  const field = host.querySelector('textarea');
  if (field === null) throw new Error('The composer has no field.');
  const type = (text: string): void => {
    field.value = text;
    field.dispatchEvent(new Event('input'));
    fixture.detectChanges();
  };
  const press = (init: KeyboardEventInit): void => {
    field.dispatchEvent(new KeyboardEvent('keydown', { bubbles: true, cancelable: true, ...init }));
    fixture.detectChanges();
  };
  return { fixture, host, field, sent, type, press };
}

describe('Composer', () => {
  it('sends with Enter and breaks the line with Shift+Enter', () => {
    const { field, sent, type, press } = composer(false);
    type('hello');
    press({ key: 'Enter', shiftKey: true });
    expect(sent).toEqual([]);
    press({ key: 'Enter' });
    expect(sent).toEqual([{ text: 'hello', deliverAs: 'prompt' }]);
    expect(field.value).toBe('');
  });

  it('steers with Enter and queues with Alt+Enter while the agent works, and says so', () => {
    const { host, sent, type, press } = composer(true);
    expect(host.textContent).toMatch(/steer now.*queue/s);
    type('one');
    press({ key: 'Enter' });
    type('two');
    press({ key: 'Enter', altKey: true });
    expect(sent.map(({ deliverAs }) => deliverAs)).toEqual(['steer', 'followUp']);
  });

  it('does not send nothing, nor while a sign is being composed', () => {
    const { sent, type, press } = composer(false);
    type('   ');
    press({ key: 'Enter' });
    type('か');
    press({ key: 'Enter', isComposing: true });
    expect(sent).toEqual([]);
  });

  it('keeps a draft over a reload, by session', () => {
    composer(false).type('not yet');
    TestBed.tick();
    expect(composer(false).field.value).toBe('not yet');
  });
});

describe('QueuedInputs', () => {
  it('marks what was not sent and offers to retry', () => {
    const fixture = TestBed.createComponent(QueuedInputs);
    const retried: string[] = [];
    fixture.componentInstance.retried.subscribe((key) => retried.push(key));
    fixture.componentRef.setInput('queue', [{ inputId: 'inp_1', text: 'later', deliverAs: 'followUp', ts: '' }]);
    const message = { key: 'k', text: 'lost?', deliverAs: 'prompt', state: 'failed', inputId: null, afterSeq: 0 };
    fixture.componentRef.setInput('outbox', [{ ...message, problem: 'The relay did not answer.' }]);
    fixture.detectChanges();
    const host: HTMLElement = fixture.nativeElement;
    expect(host.querySelector('[role=alert]')?.textContent).toContain('Not sent. The relay did not answer.');
    expect(host.querySelector('.chip')?.textContent).toContain('queued: “later”');
    host.querySelector<HTMLButtonElement>('.acts button')?.click();
    expect(retried).toEqual(['k']);
  });
});

describe('ToolGroup', () => {
  it('shows quiet lines, opens the running one and folds many finished ones', () => {
    const script = new EventScript();
    for (let i = 0; i < 6; i += 1) {
      script.assistant(`a${i}`, [call(`t${i}`, 'read', { path: `src/${i}.ts` })]).toolResult(`t${i}`, 'text');
    }
    script
      .assistant('a9', [call('t9', 'bash', { command: 'npm test' })])
      .add('tool.started', { toolCallId: 't9', toolName: 'bash', args: { command: 'npm test' } })
      .add('tool.output', { toolCallId: 't9', delta: '12 passed\n' });
    const row = toRows(applyEvents(emptyConversation(), script.events)).find(
      (it): it is ToolsRow => it.kind === 'tools',
    );
    const fixture = TestBed.createComponent(ToolGroup);
    fixture.componentRef.setInput('row', row);
    fixture.detectChanges();
    const host: HTMLElement = fixture.nativeElement;
    expect(host.querySelector('.fold')?.textContent).toContain('Read 6 files');
    expect(host.querySelectorAll('pz-tool-call-row')).toHaveLength(1);
    expect(host.querySelector('pz-tool-output')?.textContent).toBe('12 passed\n');
    host.querySelector<HTMLButtonElement>('.fold')?.click();
    fixture.detectChanges();
    expect(host.querySelectorAll('pz-tool-call-row')).toHaveLength(7);
  });
});

describe('RowView', () => {
  it('says an error as a sentence, and what the provider wrote on demand', () => {
    const errorMessage = '503: {"message":"The oven is overloaded","type":"scripted_error"}';
    const script = new EventScript().assistant('a', [], { stopReason: 'error', errorMessage });
    const fixture = TestBed.createComponent(RowView);
    fixture.componentRef.setInput('row', toRows(applyEvents(emptyConversation(), script.events))[0]);
    fixture.detectChanges();
    const host: HTMLElement = fixture.nativeElement;
    expect(host.textContent).toContain('The oven is overloaded (503)');
    expect(host.textContent).not.toContain('scripted_error');
    host.querySelector<HTMLButtonElement>('button[aria-label=More]')?.click();
    fixture.detectChanges();
    expect(host.textContent).toContain(errorMessage);
  });
});

describe('growing views', () => {
  it('adds output to what is there and drops terminal codes', () => {
    const fixture = TestBed.createComponent(ToolOutput);
    const first = growingText('\u001b[32mok\u001b[0m\n');
    fixture.componentRef.setInput('text', first);
    fixture.detectChanges();
    const host: HTMLElement = fixture.nativeElement;
    const node = host.firstElementChild;
    fixture.componentRef.setInput('text', appendText(first, 'more\n'));
    fixture.detectChanges();
    expect(host.textContent).toBe('ok\nmore\n');
    expect(host.firstElementChild).toBe(node);
  });

  it('keeps the elements of a message when it settles', () => {
    const fixture = TestBed.createComponent(MarkdownView);
    fixture.componentRef.setInput('text', growingText('First.\n\nSecond\nand'));
    fixture.detectChanges();
    const host: HTMLElement = fixture.nativeElement;
    const first = host.querySelector('p');
    fixture.componentRef.setInput('text', 'First.\n\nSecond\nand third.');
    fixture.detectChanges();
    expect(host.querySelector('p')).toBe(first);
    expect(host.textContent.trim()).toMatch(/First\.\s*Second\s*and third\./);
  });
});
