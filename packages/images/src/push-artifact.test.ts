import { expect, test } from 'vitest';
import { digestOf } from './digest.js';
import { pushArtifact } from './push-artifact.js';
import { pushImage } from './push-image.js';
import { Registry } from './registry.js';

test('a push enters the registry once: a second time within it could wait for a window that waits for the first', async () => {
  const entered: string[] = [];
  const registry = new Registry({
    url: 'http://127.0.0.1:1', // nobody answers: entering comes before
    gate: (repository, push) => {
      entered.push(repository);
      return push();
    },
  });
  const bytes = Buffer.from('x');
  const blob = { digest: digestOf(bytes), sizeBytes: 1, data: { kind: 'memory' as const, bytes } };
  await expect(
    pushArtifact(registry, { repository: 'source/a', tag: 't', mediaType: 'text/plain', blob }),
  ).rejects.toThrow('registry:');
  const image = { repository: 'app/b', tag: 't', layers: [], config: { env: {}, labels: {} } };
  await expect(pushImage(registry, image)).rejects.toThrow('registry:');
  expect(entered).toEqual(['source/a', 'app/b']);
});
