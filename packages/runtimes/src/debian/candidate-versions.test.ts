import { expect, it } from 'vitest';
import { parsePolicy } from './candidate-versions.js';

it('reads the candidates of apt-cache policy, and leaves out what the archive does not have', () => {
  const text = `openjdk-21-jre-headless:
  Installed: (none)
  Candidate: 21.0.13.1+2-1~deb13u1
  Version table:
     21.0.13.1+2-1~deb13u1 500
        500 http://archive.test/debian trixie/main amd64 Packages
gone:
  Installed: (none)
  Candidate: (none)
  Version table:
rustc:
  Installed: (none)
  Candidate: 1.85.0+dfsg3-1
`;
  expect(parsePolicy(text)).toEqual({
    'openjdk-21-jre-headless': '21.0.13.1+2-1~deb13u1',
    rustc: '1.85.0+dfsg3-1',
  });
});
