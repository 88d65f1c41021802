import { Component, computed, input } from '@angular/core';
import type { SessionUsage } from '@pizzapi/protocol';
import { Donut, type DonutPart } from '../../../ui/donut';
import type { Streaming } from '../conversation/conversation';
import { compactNumber, dollars } from '../conversation/number-words';

/** About what a token is in English text and code; only for the speed while the real count is not known. */
const CHARACTERS_PER_TOKEN = 4;
const MIN_MS = 800;
/** A fainter accent, since it is input too. */
const CACHED = 'color-mix(in srgb, var(--accent) 45%, var(--border))';

/** What the conversation fills of the model's window, what it cost, how fast it comes. */
@Component({
  selector: 'pz-session-footer',
  imports: [Donut],
  template: `
    @if (usage(); as u) {
      <button type="button" class="context" [attr.aria-describedby]="'context-numbers'">
        <pz-donut [parts]="parts()" [total]="u.contextWindow" [label]="label()" />
        <span>{{ filled() }}</span>
      </button>
      <div id="context-numbers" role="tooltip">
        <dl>
          @for (line of numbers(); track line.name) {
            <dt><i [style.background]="line.colour"></i>{{ line.name }}</dt>
            <dd>{{ line.value }}</dd>
          }
        </dl>
      </div>
      <span title="Cost of this session so far">{{ cost() }}</span>
      @if (subagentCost(); as share) {
        <span title="What of it subagents cost">{{ share }} by subagents</span>
      }
    }
    @if (speed(); as tokens) {
      <span title="Estimated from the characters that arrive">{{ tokens }} tok/s</span>
    }
    <span class="folder ell" [title]="folder()">{{ folder() }}</span>
  `,
  styleUrl: './session-footer.css',
})
export class SessionFooter {
  readonly usage = input.required<SessionUsage | null>();
  readonly streaming = input.required<Streaming | null>();
  readonly folder = input.required<string>();

  private readonly shares = computed(() => {
    const usage = this.usage();
    if (usage === null || usage.contextTokens === null) return null;
    // The window holds only part of what was ever sent; its composition is estimated from the totals.
    const own = ownUsage(usage);
    const total = Math.max(1, own.input + own.cacheRead + own.cacheWrite + own.output);
    const share = (tokens: number): number => Math.round((usage.contextTokens ?? 0) * (tokens / total));
    const cached = share(own.cacheRead);
    const output = share(own.output);
    return { cached, output, input: usage.contextTokens - cached - output };
  });
  protected readonly parts = computed((): DonutPart[] => {
    const shares = this.shares();
    if (shares === null) return [];
    return [
      { value: shares.input, colour: 'var(--accent)' },
      { value: shares.output, colour: 'var(--ok)' },
      { value: shares.cached, colour: CACHED },
    ];
  });
  protected readonly filled = computed(() => {
    const usage = this.usage();
    const size = compactNumber(usage?.contextWindow ?? 0);
    return usage?.contextTokens == null ? `of ${size}` : `${compactNumber(usage.contextTokens)} of ${size}`;
  });
  protected readonly label = computed(() => `Context window: ${this.filled()}`);
  protected readonly cost = computed(() => dollars(this.usage()?.costUsd ?? 0));
  protected readonly subagentCost = computed(() => {
    const share = this.usage()?.subagents;
    return share === undefined || share.costUsd === 0 ? '' : dollars(share.costUsd);
  });
  protected readonly numbers = computed(() => {
    const usage = this.usage();
    if (usage === null) return [];
    const free = usage.contextTokens === null ? null : Math.max(0, usage.contextWindow - usage.contextTokens);
    return [
      { name: 'Input', colour: 'var(--accent)', value: compactNumber(usage.input) },
      { name: 'Output', colour: 'var(--ok)', value: compactNumber(usage.output) },
      { name: 'Cached', colour: CACHED, value: compactNumber(usage.cacheRead + usage.cacheWrite) },
      { name: 'Free now', colour: 'var(--border)', value: free === null ? 'unknown' : compactNumber(free) },
    ];
  });
  protected readonly speed = computed(() => {
    const streaming = this.streaming();
    if (streaming === null) return null;
    const ms = Date.parse(streaming.lastAt) - Date.parse(streaming.firstAt);
    return ms < MIN_MS ? null : Math.round(streaming.characters / CHARACTERS_PER_TOKEN / (ms / 1000));
  });
}

/** Excluding subagents, which have context windows of their own. */
function ownUsage({ input, output, cacheRead, cacheWrite, subagents: part }: SessionUsage) {
  return {
    input: input - (part?.input ?? 0),
    output: output - (part?.output ?? 0),
    cacheRead: cacheRead - (part?.cacheRead ?? 0),
    cacheWrite: cacheWrite - (part?.cacheWrite ?? 0),
  };
}
