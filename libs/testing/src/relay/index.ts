export { RelayApi, type ApiAnswer } from './relay-api.js';
export { ScriptedRunner } from './scripted-runner.js';
export { ScriptedWorker } from './scripted-worker.js';
export { TestViewer, type ViewerCount } from './test-viewer.js';
