import { expect, it } from 'vitest';
import { isOwnOrigin } from './origin.js';

const local = { publicUrl: 'http://localhost:7492', host: '127.0.0.1', port: 7492 };
const open = { publicUrl: 'https://pizza.example.com', host: '0.0.0.0', port: 7492 };

it.each([
  ['http://localhost:7492', local, true],
  ['http://127.0.0.1:7492', local, true],
  ['http://[::1]:7492', local, true],
  ['http://localhost:3000', local, false],
  ['https://localhost:7492', local, false],
  ['http://label.localhost:7492', local, false],
  ['null', local, false],
  ['', local, false],
  ['https://pizza.example.com', open, true],
  ['https://pizza.example.com.evil.example', open, false],
  ['http://pizza.example.com', open, false],
  ['http://localhost:7492', open, false],
])('%s at %o: %s', (origin, config, isOwn) => {
  expect(isOwnOrigin(origin, config)).toBe(isOwn);
});
