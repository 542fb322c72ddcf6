import { describe, expect, it } from 'vitest';
import { parseImageReference } from './image-reference.js';
import { mirrorExamples, mirrorWishOf } from './mirror-names.js';

const wishOf = (text: string) => mirrorWishOf(parseImageReference(text));

describe('an image that FROM names', () => {
  it.each([
    ['node:22', { repository: 'library/node', tag: '22', runtime: 'node', wish: '22', hasToolchain: true }],
    ['docker.io/library/node:22-slim', { tag: '22-slim', wish: '22', hasToolchain: false }],
    ['node', { tag: 'latest', wish: undefined, hasToolchain: true }],
    ['node:lts-trixie-slim', { wish: 'lts', hasToolchain: false }],
    ['golang:1.26.1-trixie', { runtime: 'go', wish: '1.26.1' }],
    ['debian:trixie-slim', { runtime: undefined, wish: undefined }],
    ['debian:13.1', { runtime: undefined }],
    ['python:3.13-slim', { runtime: 'python', wish: '3.13', hasToolchain: false }],
    ['eclipse-temurin:21-jre', { runtime: 'java', wish: '21', hasToolchain: false }],
    ['eclipse-temurin:21', { runtime: 'java', hasToolchain: true }],
    ['nginx:stable', { runtime: 'static', wish: undefined, hasToolchain: false }],
    ['php:8.4-cli', { runtime: 'php', wish: '8.4' }],
  ])('%s is answered by us', (text, wish) => {
    expect(wishOf(text)).toMatchObject(wish);
  });

  it.each([
    'node:22-alpine',
    'node:22-bookworm',
    'debian:12',
    'postgres:17',
    'ghcr.io/library/node:22',
    'team/node:22',
    `node@sha256:${'a'.repeat(64)}`,
    'php:8.4-apache',
    'node:22-slim-slim',
    'node:22%2f..',
    'node:22.1.2.3',
    'toString',
  ])('%s is not', (text) => {
    expect(wishOf(text)).toBeUndefined();
  });

  it('is each of the examples', () => {
    for (const example of mirrorExamples) expect(wishOf(example), example).toBeDefined();
  });

  it('may name a registry with a port', () => {
    expect(parseImageReference('localhost:5000/a/b')).toMatchObject({ registry: 'localhost:5000', repository: 'a/b' });
  });
});
