import { inject, signal } from '@angular/core';
import { DomSanitizer, type SafeResourceUrl } from '@angular/platform-browser';
import type { TunnelTicket } from '@pizzapi/protocol';
import { type ApiProblem, asProblem } from '../../../core/api/api-problem';
import { TunnelsApi } from '../../../core/api/tunnels-api';
import { ticketAddress } from '../../../tunnels/tunnel-address';

export type EntryState =
  | { readonly kind: 'outside' | 'asking' }
  | { readonly kind: 'refused'; readonly problem: ApiProblem }
  | {
      readonly kind: 'inside';
      readonly source: SafeResourceUrl;
      readonly form: TunnelTicket['form'];
      readonly until: string;
    };

/** How long before its address expires a panel in the path form is reloaded. */
const RENEW_EARLIER_MS = 20_000;

/** Gets a frame into a tunnel, by a ticket issued to this browser's login. Create it in an injection context. */
export class PanelEntry {
  private readonly api = inject(TunnelsApi);
  private readonly sanitizer = inject(DomSanitizer);
  private readonly current = signal<EntryState>({ kind: 'outside' });
  private attempt = 0;
  private renewal: ReturnType<typeof setTimeout> | undefined;

  readonly state = this.current.asReadonly();

  async enter(tunnelId: string): Promise<void> {
    const attempt = ++this.attempt;
    clearTimeout(this.renewal);
    this.current.set({ kind: 'asking' });
    try {
      const ticket = await this.api.ticket(tunnelId);
      if (attempt !== this.attempt) return;
      // Checked when it was parsed: it is another origin, or one of the relay's sandboxed addresses.
      const source = this.sanitizer.bypassSecurityTrustResourceUrl(ticketAddress(ticket));
      this.current.set({ kind: 'inside', source, form: ticket.form, until: ticket.expiresAt });
      if (ticket.form === 'path') this.renewBefore(ticket.expiresAt, tunnelId);
    } catch (error) {
      if (attempt === this.attempt) this.current.set({ kind: 'refused', problem: asProblem(error) });
    }
  }

  leave(): void {
    this.attempt += 1;
    clearTimeout(this.renewal);
    this.current.set({ kind: 'outside' });
  }

  /** Suspends entry for a while: a page that is already in stays, with what a person typed into it, but nothing new is started. */
  wait(): void {
    if (this.current().kind === 'inside') clearTimeout(this.renewal);
    else this.leave();
  }

  /** Entry is possible again. @returns whether the page from before is still there */
  goOn(tunnelId: string): boolean {
    const state = this.current();
    if (state.kind !== 'inside') return false;
    if (state.form === 'origin') return true;
    if (Date.parse(state.until) - Date.now() < RENEW_EARLIER_MS) return false;
    this.renewBefore(state.until, tunnelId);
    return true;
  }

  private renewBefore(expiresAt: string, tunnelId: string): void {
    const waitMs = Math.max(Date.parse(expiresAt) - Date.now() - RENEW_EARLIER_MS, RENEW_EARLIER_MS);
    this.renewal = setTimeout(() => void this.enter(tunnelId), waitMs);
  }
}
