import { describe, expect, it } from 'vitest';
import { findJavaLine, javaLines, noSuchJava } from './java-version.js';

const lines = [
  ...javaLines({ 'openjdk-17-jre-headless': '17.0.21.1+2-1~deb12u1' }, 'bookworm'),
  ...javaLines({
    'openjdk-25-jre-headless': '25.0.5.1+2-1~deb13u1',
    'openjdk-21-jre-headless': '21.0.13.1+2-1~deb13u1',
    'openjdk-27-jre-headless': '27~ea+1-1',
  }),
];

describe('findJavaLine', () => {
  it.each([
    [undefined, '21.0.13.1'],
    ['21', '21.0.13.1'],
    ['21.0.4', '21.0.13.1'],
    ['17', '17.0.21.1'],
    ['25', '25.0.5.1'],
    ['openjdk-21', '21.0.13.1'],
    ['openjdk64-25.0.1', '25.0.5.1'],
    ['21.0.4-tem', '21.0.13.1'],
    ['temurin-25.0.1+8', '25.0.5.1'],
    ['lts', '21.0.13.1'],
    ['>=8', '21.0.13.1'],
    ['>=17', '21.0.13.1'],
    ['>=22', '25.0.5.1'],
  ])('takes for %s the line %s', (wish, version) => {
    expect(findJavaLine(wish, lines)?.version).toBe(version);
  });

  it.each([
    ['11', 'There is no Java 11 here. There is: 17.0.21.1, 21.0.13.1, 25.0.5.1.'],
    ['1.8', 'There is no Java 1.8 here. There is: 17.0.21.1, 21.0.13.1, 25.0.5.1.'],
    ['>=26', 'There is no Java 26 or newer here. There is: 17.0.21.1, 21.0.13.1, 25.0.5.1.'],
  ])('says for %s what there is', (wish, sentence) => {
    expect(findJavaLine(wish, lines)).toBeUndefined();
    expect(noSuchJava(wish, lines).message).toBe(sentence);
  });

  it('refuses what is no version', () => {
    expect(() => findJavaLine('newest', lines)).toThrow('"newest" is not a version of Java that we understand.');
  });
});
