import { answerQuestions } from './answer-questions.js';

/** Node doing nothing: the least that any of our processes can take. */
answerQuestions({});
