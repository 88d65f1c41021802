export { DeadLetterEntity } from './dead-letter.entity.js';
export { DeadLettersModule } from './dead-letters.module.js';
export { ListDeadLetters } from './list-dead-letters.js';
