import { describe, expect, it } from 'vitest';
import { orderBuildpacks, parseBuildpackChoice } from './buildpack-choice.js';

describe('a buildpack', () => {
  it.each([
    ['heroku/nodejs', { kind: 'own', name: 'node' }],
    ['urn:buildpack:heroku/python', { kind: 'own', name: 'python' }],
    ['https://git.example/heroku/heroku-buildpack-ruby.git', { kind: 'own', name: 'ruby' }],
    ['https://git.example/me/pack.git#v2', { kind: 'custom', source: 'https://git.example/me/pack.git#v2' }],
    ['./packs/mine', { kind: 'custom', source: './packs/mine' }],
  ])('%s is understood', (text, choice) => {
    expect(parseBuildpackChoice(text)).toEqual(choice);
  });

  it.each(['nodejs', 'file:///etc', './../x', 'ssh://git@host/x', 'constructor', ''])('%s is none', (text) => {
    expect(() => parseBuildpackChoice(text)).toThrow('is no buildpack: it is a URL');
  });

  it('of its own comes before or after the one of ours', () => {
    expect(orderBuildpacks(['https://x.example/a.tgz', 'heroku/nodejs', './b'])).toEqual({
      own: 'node',
      before: ['https://x.example/a.tgz'],
      after: ['./b'],
    });
    expect(() => orderBuildpacks(['heroku/nodejs', 'heroku/python'])).toThrow('Two of Berth');
  });
});
