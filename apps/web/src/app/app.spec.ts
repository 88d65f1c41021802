import { Component } from '@angular/core';
import { TestBed } from '@angular/core/testing';
import { provideRouter, Router, withNavigationErrorHandler, withRouterConfig } from '@angular/router';
import { describe, expect, it, vi } from 'vitest';
import { find, until } from '../testing/until';
import { App } from './app';
import { reportFailedNavigation } from './core/failed-loads';

@Component({ template: 'The list' })
class ListPage {}

/** A router with a page that comes and one whose code is gone. */
function open() {
  vi.spyOn(console, 'error').mockReturnValue(undefined);
  const gone = (): Promise<never> => Promise.reject(new TypeError('Failed to fetch dynamically imported module'));
  TestBed.configureTestingModule({
    providers: [
      provideRouter(
        [
          { path: '', pathMatch: 'full', component: ListPage },
          { path: 'gone', loadComponent: gone },
        ],
        withNavigationErrorHandler(reportFailedNavigation),
        withRouterConfig({ resolveNavigationPromiseOnError: true }),
      ),
    ],
  });
  const fixture = TestBed.createComponent(App);
  const page: HTMLElement = fixture.nativeElement;
  return { fixture, page, router: TestBed.inject(Router) };
}

describe('App', () => {
  it('says that a page could not be loaded, and leads back to what was there', async () => {
    const { fixture, page, router } = open();
    await router.navigateByUrl('/');
    await router.navigateByUrl('/gone');
    const failure = await until(fixture, () => find(page, '[role=alertdialog]', 'could not be loaded'));
    expect(find(failure, 'button', 'Reload')).not.toBeNull();
    find(failure, 'button', 'Back')?.click();
    await until(fixture, () => find(page, '[role=alertdialog]') === null);
    expect(page.textContent).toContain('The list');
  });

  it('offers nothing but the reload where nothing was there', async () => {
    const { fixture, page, router } = open();
    await router.navigateByUrl('/gone');
    const failure = await until(fixture, () => find(page, '[role=alertdialog]'));
    expect([...failure.querySelectorAll('button')].map((button) => button.textContent.trim())).toEqual(['Reload']);
  });
});
