import { expect, test } from 'vitest';
import { returnPath } from './return-path';

test('a sign-in goes on to a page that opens a service', () => {
  for (const to of ['/open/red/web', '/open/red/web/leave', '/open/red/web?path=%2Fcart%2F1'])
    expect(returnPath(to)).toBe(to);
});

test('and to nothing else, whatever the address says', () => {
  const wrong = [
    ...[
      undefined,
      '',
      '/',
      '/account',
      'https://evil.example',
      '//evil.example',
      '/\\evil.example',
      '/open//evil.example/x',
    ],
    ...[
      '/open/../..//evil.example',
      '/open/red/web?path=//evil.example',
      '/open/red/web?to=x',
      '/open/red/web\n',
      '/OPEN/a/b',
    ],
    ['/open/red/web', '/open/red/web'],
  ];
  for (const to of wrong) expect(returnPath(to)).toBe('/');
});
