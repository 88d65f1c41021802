import { expect, it } from 'vitest';
import { argumentsIn, hintOf, offeredPrompt } from './prompt-arguments.js';

const weather = offeredPrompt('met', {
  name: 'weather report',
  title: 'Weather',
  arguments: [{ name: 'city', required: true }, { name: 'day' }],
});
const plain = offeredPrompt('met', { name: 'hello' });

it('a prompt is called like a tool of its server, and says what it wants to know', () => {
  expect(weather).toMatchObject({ server: 'met', prompt: 'weather report', description: 'Weather' });
  expect(weather.name).toMatch(/^mcp__met__weather_report/);
  expect(plain).toMatchObject({ name: 'mcp__met__hello', description: 'hello', arguments: [] });
  expect([hintOf(weather), hintOf(plain)]).toEqual(['<city> [day]', '']);
});

it.each([
  ['Rome', { city: 'Rome' }],
  ['"New York" tomorrow', { city: 'New York', day: 'tomorrow' }],
  ['Rome the day after', { city: 'Rome', day: 'the day after' }],
  ['"" today', { city: '', day: 'today' }],
  ['', null],
])('%j besides it is %j', (said, values) => expect(argumentsIn(weather, said)).toEqual(values));

it('what nobody asked for is not passed on', () => expect(argumentsIn(plain, 'some words')).toEqual({}));
