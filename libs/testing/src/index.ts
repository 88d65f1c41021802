export * from './scripted-model.js';
export * from './compiled-libs.js';
