import { expect, it } from 'vitest';
import { parseProjectName } from './project-environment.js';
import { reviewName } from './review-name.js';

it.each([
  ['{branch}', 'feature/Red_Button', 'feature-red-button'],
  ['pr-{number}', 'x', 'pr-7'],
  ['{service}-{number}', 'x', 'cart-7'],
  ['{branch}', '42-fix', 'pr-42-fix'],
  ['{branch}', 'x', 'pr-x'],
  ['{branch}', '--', 'pr'],
  ['{branch}', `${'a'.repeat(29)}/b`, 'a'.repeat(29)],
])('%s of %s is %s', (pattern, branch, name) => {
  expect(reviewName(pattern, { branch, number: 7, service: 'cart' })).toBe(name);
  expect(parseProjectName(name)).toBe(name);
});
