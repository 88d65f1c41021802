import { Component } from '@angular/core';
import { TestBed } from '@angular/core/testing';
import type { ModelInfo } from '@pizzapi/protocol';
import { expect, it, vi } from 'vitest';
import { find, until } from '../../../../testing/until';
import { ApiProblem } from '../../../core/api/api-problem';
import { ModelSwitch } from './model-switch';

const big = { provider: 'acme', id: 'big', name: 'Big', contextWindow: 1000, isDefault: true };
const load = vi.fn<() => Promise<readonly ModelInfo[]>>();

@Component({
  selector: 'pz-host',
  imports: [ModelSwitch],
  template: `<pz-model-switch [model]="big" name="Big" [load]="load" />`,
})
class Host {
  protected readonly big = big;
  protected readonly load = load;
}

it('says why there is no list, and asks once more when it is opened again', async () => {
  const busy = 'The runner did not answer. Its machine may be busy.';
  load
    .mockRejectedValueOnce(new ApiProblem({ status: 503, code: 'runner_offline', detail: busy }))
    .mockResolvedValueOnce([big]);
  const fixture = TestBed.createComponent(Host);
  const button = await until(fixture, () => find(document.body, 'button', 'Big'));
  button.focus();
  button.click();
  await until(fixture, () => find(document.body, 'pz-menu p', busy));
  button.click();
  await until(fixture, () => find(document.body, 'pz-menu') === null);
  button.click();
  await until(fixture, () => find(document.body, 'pz-menu button', 'acme'));
  expect(load).toHaveBeenCalledTimes(2);
  expect(find(document.body, 'pz-menu p')).toBeNull();
});
