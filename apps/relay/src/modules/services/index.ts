export { ServiceNews } from './announcing/service-news.js';
export { ServicesModule } from './services.module.js';
