export { ChildrenModule } from './children.module.js';
