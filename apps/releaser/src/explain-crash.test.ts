import { describe, expect, it } from 'vitest';
import { pickLine } from './explain-crash.js';

describe('pickLine', () => {
  it("takes an error's message out of a stack trace", () => {
    const lines = [
      '/app/server.js:1',
      "throw new Error('x')",
      '',
      "Error: Cannot find module 'pg'",
      '    at Module._resolveFilename',
      'Node.js v24.21.0',
    ];
    expect(pickLine(lines)).toBe("Error: Cannot find module 'pg'");
    expect(pickLine(['TypeError: x is not a function', '    at y'])).toBe('TypeError: x is not a function');
  });

  it('takes the last line else, and nothing of nothing', () => {
    expect(pickLine(['starting', 'no database'])).toBe('no database');
    expect(pickLine([])).toBeUndefined();
  });
});
