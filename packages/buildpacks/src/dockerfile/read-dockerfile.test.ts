import { describe, expect, it } from 'vitest';
import { readDockerfile } from './read-dockerfile.js';

const imagesOf = (text: string, args: Record<string, string> = {}) => readDockerfile(text, args).images;

describe('readDockerfile', () => {
  it('finds what is taken from elsewhere, once each, and no stages', () => {
    const text = `ARG V=22
ARG BASE=node:\${V}
FROM --platform=$BUILDPLATFORM \${BASE}-slim AS Build
RUN --mount=from=golang:1.26,target=/go \\
    --mount=type=cache,target=/root/.npm \\
    npm ci
RUN <<EOT
FROM nowhere
EOT
FROM build AS test
FROM scratch
COPY --from=build /a /b
COPY --from=nginx:1 --chown=1:1 /a /b
COPY --from=0 /a /b
COPY --from=nginx:1 /c /d
`;
    expect(imagesOf(text)).toEqual([
      { image: 'node:22-slim', line: 3 },
      { image: 'golang:1.26', line: 4 },
      { image: 'nginx:1', line: 13 },
    ]);
    expect(imagesOf(text, { V: '24' })[0]).toEqual({ image: 'node:24-slim', line: 3 });
  });

  it('knows what is asked for', () => {
    const text = `# syntax=docker/dockerfile:1.7
ARG A
FROM debian
ARG TOKEN DEBUG="1 2"
RUN --mount=type=secret,id=npm,target=/root/.npmrc --mount=type=secret,target=/run/secrets/other true
EXPOSE 80 443/tcp
`;
    expect(readDockerfile(text, {})).toEqual({
      syntax: 'docker/dockerfile:1.7',
      images: [{ image: 'debian', line: 3 }],
      args: ['A', 'DEBUG', 'TOKEN'],
      secrets: ['npm', 'other'],
      ports: ['80', '443/tcp'],
    });
  });

  it.each([
    [`FROM \${X:-node:22}`, 'node:22'],
    [`ARG X=a\nFROM \${X:+node}:22`, 'node:22'],
    [`ARG X=a\nFROM $X`, 'a'],
    [`ARG X="a:1"\nFROM $X`, 'a:1'],
    ['ARG constructor=a\nFROM $constructor', 'a'],
    ['# escape=`\nFROM `\n  node:22', 'node:22'],
    ['from node:22', 'node:22'],
  ])('reads %j', (text, image) => {
    expect(imagesOf(text)[0]?.image).toBe(image);
  });

  it.each(['', 'FROM', 'RUN true', '\u0000', 'FROM $'])('takes %j without a fuss', (text) => {
    expect(imagesOf(text).length).toBeLessThan(2);
  });
});
