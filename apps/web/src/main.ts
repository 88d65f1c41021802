import { bootstrapApplication } from '@angular/platform-browser';
import { App } from './app/app';
import { appConfig } from './app/app.config';
import { focusRefused } from './app/core/focus-refused';
import { refuseStrayDrops } from './app/core/refuse-stray-drops';
import { ignoreResizeNotices } from './app/core/resize-notices';
import { tellWhatIsCut } from './app/core/tell-what-is-cut';

// Before the listeners of Angular.
ignoreResizeNotices();
focusRefused();
tellWhatIsCut();
refuseStrayDrops();
bootstrapApplication(App, appConfig).catch((error: unknown) => {
  console.error('The console could not start', error);
});
