import { Component, input } from '@angular/core';
import type { McpServerState } from '@pizzapi/protocol';

const STATES: Record<Exclude<McpServerState['status'], 'connected'>, string> = {
  waiting: 'Waits for your consent',
  starting: 'Starting…',
  failed: 'Failed',
  refused: 'Not started',
};

/** The MCP servers of a session: which are there, with how many tools, and what is wrong with the others. */
@Component({
  selector: 'pz-mcp-section',
  template: `
    <h3>MCP servers</h3>
    <ul>
      @for (server of servers(); track server.name) {
        <li>
          <span class="name">
            <i [class]="server.status" aria-hidden="true"></i>{{ server.name }}
            <span class="faint">{{ server.transport }}</span>
          </span>
          @if (server.source === 'project') {
            <span class="faint">the project’s</span>
          }
          <span class="state" [class.bad]="server.status === 'failed'">{{ stateOf(server) }}</span>
          @if (server.reason; as reason) {
            <span class="reason">{{ reason }}</span>
          }
        </li>
      }
    </ul>
  `,
  styleUrl: '../inspector/details-list.css',
  styles: `
    i {
      display: inline-block;
      width: 0.4375rem;
      height: 0.4375rem;
      margin-right: 7px;
      border-radius: 50%;
      background: var(--faint);
    }
    i.connected {
      background: var(--ok);
    }
    i.failed {
      background: var(--bad);
    }
    i.waiting {
      background: var(--warn);
    }
    .state,
    .reason {
      grid-column: 1 / -1;
      padding-left: 14px;
      font-size: 0.75rem;
      color: var(--muted);
    }
    .bad {
      color: var(--bad);
    }
    .faint {
      font-size: 0.75rem;
    }
  `,
})
export class McpSection {
  readonly servers = input.required<readonly McpServerState[]>();

  protected stateOf({ status, toolCount }: McpServerState): string {
    if (status !== 'connected') return STATES[status];
    return toolCount === 1 ? '1 tool' : `${toolCount} tools`;
  }
}
