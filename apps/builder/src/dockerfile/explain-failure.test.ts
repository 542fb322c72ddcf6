import { describe, expect, it } from 'vitest';
import { explainFailure } from './explain-failure.js';

const outputOf = (line: number, error: string) => `#8 [build 4/5] RUN x
#8 0.568 error: something that a command printed
------
 > [build 4/5] RUN x:
------
Dockerfile:${line}
--------------------
   1 |     FROM node:22
   2 | >>> RUN x
--------------------
error: failed to solve: ${error}
`;
const explain = (line: number, error: string) => explainFailure(outputOf(line, error), 'web/Dockerfile', { unknown });
const unknown = [
  { image: 'nodex:22', line: 3 },
  { image: 'node:99', line: 4, reason: 'There is no Node.js 99.' },
];

describe('a build by Dockerfile that failed is explained in one sentence', () => {
  it.each([
    [
      2,
      'process "/bin/sh -c echo \\"a\\" &&   npm run x" did not complete successfully: exit code: 254',
      'web/Dockerfile line 2: "echo "a" &&   npm run x" ended with exit code 254.',
    ],
    [
      5,
      'process "false" did not complete successfully: exit code: 1',
      'web/Dockerfile line 5: "false" ended with exit code 1.',
    ],
    [
      2,
      'failed to compute cache key: failed to calculate checksum of ref 2ji0::x1c6: "/nothere": not found',
      'web/Dockerfile line 2: /nothere is not there (what .dockerignore names is left out).',
    ],
    [
      2,
      'dockerfile parse error on line 2: unknown instruction: FOO',
      'web/Dockerfile line 2: unknown instruction: FOO.',
    ],
  ])('at line %i: %s', (line, error, sentence) => {
    expect(explain(line, error)).toBe(sentence);
  });

  it('names the images that there are', () => {
    const error = 'nodex:22: failed to resolve source metadata for docker.io/library/nodex:22: not found';
    expect(explain(1, error)).toMatch(
      /^web\/Dockerfile line 3: There is no image nodex:22 here\. Images that there are: debian:13, /,
    );
    expect(explain(1, error.replaceAll('nodex:22', 'node:99'))).toContain(
      'line 4: There is no Node.js 99. Images that',
    );
  });

  it('whatever was printed', () => {
    expect(explainFailure('', 'Dockerfile', { unknown: [] })).toBe('Dockerfile: the build failed.');
  });
});
