import { Component, inject, output, signal } from '@angular/core';
import { type ApiProblem, asProblem } from '../../../core/api/api-problem';
import { Button } from '../../../ui/button';
import { FocusFirst } from '../../../ui/focus-first';
import { FormRow } from '../../../ui/form-row';
import { TextInput } from '../../../ui/text-input';
import { SessionTunnels } from './session-tunnels';

const MAX_PORT = 65_535;

/** Opens a tunnel to a port of the session's runner by hand. */
@Component({
  selector: 'pz-expose-port-form',
  imports: [Button, FocusFirst, FormRow, TextInput],
  template: `
    <form (submit)="$event.preventDefault(); expose()" (keydown.escape)="$event.stopPropagation(); closed.emit()">
      <div class="fields">
        <pz-form-row class="compact" label="Port" [error]="portProblem()">
          <input
            #portField
            pzInput
            pzFocusFirst
            inputmode="numeric"
            autocomplete="off"
            placeholder="5173"
            [value]="port()"
            (input)="port.set(portField.value)"
          />
        </pz-form-row>
        <pz-form-row class="compact" label="Name" [optional]="true" [error]="problem()?.field('name')">
          <input
            #nameField
            pzInput
            autocomplete="off"
            maxlength="200"
            placeholder="Preview"
            [value]="name()"
            (input)="name.set(nameField.value)"
          />
        </pz-form-row>
      </div>
      @if (refusal(); as words) {
        <p class="refusal" role="alert">{{ words }}</p>
      }
      <footer>
        <button pzButton type="button" (click)="closed.emit()">Cancel</button>
        <button pzButton variant="primary" type="submit" [isBusy]="isBusy()">Expose</button>
      </footer>
    </form>
  `,
  styles: `
    form {
      display: grid;
      gap: 8px;
      margin-bottom: 12px;
      padding: 12px;
      border: 1px solid var(--border);
      border-radius: var(--radius);
    }
    .fields {
      display: grid;
      grid-template-columns: 5.25rem minmax(0, 1fr);
      gap: 10px;
    }
    .refusal {
      color: var(--bad);
      overflow-wrap: anywhere;
    }
    footer {
      display: flex;
      justify-content: flex-end;
      gap: 8px;
    }
  `,
})
export class ExposePortForm {
  readonly closed = output();
  private readonly tunnels = inject(SessionTunnels);
  protected readonly port = signal('');
  protected readonly name = signal('');
  protected readonly isBusy = signal(false);
  protected readonly problem = signal<ApiProblem | null>(null);
  protected readonly portProblem = signal<string | undefined>(undefined);
  protected readonly refusal = signal<string | null>(null);

  protected async expose(): Promise<void> {
    const port = Number(this.port().trim());
    this.portProblem.set(undefined);
    this.refusal.set(null);
    this.problem.set(null);
    if (!Number.isInteger(port) || port < 1 || port > MAX_PORT) {
      this.portProblem.set(`1 to ${MAX_PORT}`);
      return;
    }
    this.isBusy.set(true);
    try {
      await this.tunnels.expose(port, this.name().trim());
      this.closed.emit();
    } catch (error) {
      this.refuse(asProblem(error));
    } finally {
      this.isBusy.set(false);
    }
  }

  private refuse(problem: ApiProblem): void {
    this.problem.set(problem);
    const ofPort = problem.field('port');
    if (ofPort !== undefined) this.portProblem.set(ofPort);
    else if (problem.field('name') === undefined) this.refusal.set(problem.message);
  }
}
