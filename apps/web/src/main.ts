import { bootstrapApplication } from '@angular/platform-browser';
import { App } from './app/app';
import { appConfig } from './app/app.config';
import { ignoreResizeNotices } from './app/core/resize-notices';

// Before the listeners of Angular.
ignoreResizeNotices();
bootstrapApplication(App, appConfig).catch((error: unknown) => {
  console.error('The console could not start', error);
});
