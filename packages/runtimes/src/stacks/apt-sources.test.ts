import { describe, expect, it } from 'vitest';
import { sourcesOfSuite } from './apt-sources.js';

const keyring = '[signed-by=/usr/share/keyrings/debian-archive-keyring.gpg]';

describe('sourcesOfSuite', () => {
  it('takes the mirrors of a deb822 file', () => {
    const text = [
      'Types: deb',
      '# comment',
      'URIs: http://mirror.example/debian',
      'Suites: bookworm bookworm-updates',
      'Components: main',
      '',
      'Types: deb',
      'URIs: http://mirror.example/debian-security',
      'Suites: bookworm-security',
      'Components: main',
    ].join('\n');
    const other = 'Types: deb\nURIs: http://node.example\nSuites: nodistro\nComponents: main\n';
    expect(sourcesOfSuite({ 'a.sources': other, 'debian.sources': text }, 'trixie')).toEqual([
      `deb ${keyring} http://mirror.example/debian trixie main`,
      `deb ${keyring} http://mirror.example/debian trixie-updates main`,
      `deb ${keyring} http://mirror.example/debian-security trixie-security main`,
    ]);
  });

  it('takes the mirrors of one-line files', () => {
    const text =
      '# x\ndeb [arch=amd64] https://m.example/debian trixie main contrib\ndeb-src https://m.example/debian trixie main\n';
    expect(sourcesOfSuite({ 'sources.list': text }, 'trixie')).toEqual([
      `deb ${keyring} https://m.example/debian trixie main`,
    ]);
  });

  it('says so when the host has no Debian mirror', () => {
    expect(() => sourcesOfSuite({ 'sources.list': '' }, 'trixie')).toThrow('No Debian package source');
  });
});
