export { connectHub } from './connect-hub.js';
export { RelayApi, type ApiAnswer } from './relay-api.js';
export { ScriptedRunner } from './scripted-runner.js';
export { ScriptedWorker } from './scripted-worker.js';
export { TestBrowser } from './test-browser.js';
export { TestViewer, type ViewerCount } from './test-viewer.js';
