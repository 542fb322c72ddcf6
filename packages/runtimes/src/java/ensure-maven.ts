import { createHash } from 'node:crypto';
import { Readable } from 'node:stream';
import { createGunzip } from 'node:zlib';
import { normaliseTar } from '@berth/images/normalise-tar';
import { type PushedImage, pushImage } from '@berth/images/push-image';
import { readImage } from '@berth/images/read-image';
import { writeLayer } from '@berth/images/write-layer';
import { link } from '../debian/link.js';
import { fetchArtifact } from '../maven/maven-repository.js';
import type { RuntimeParts } from '../runtime.js';

/** Raised when the layer is made in another way. */
const recipe = '1';
/** Debian's Maven has older plugins as defaults, whose jars differ from one build to the next. */
const version = '3.9.16';
const sha512 =
  '831a8591fe20c8243b1dbe7d71e3244f31d1665b0804b2e825e38cbbe5ce0cafb8338851f90780735568773e0a6cd07bbec107cda0b896b008b861075358b6f6';

const directory = 'opt/berth/tools/maven';

/** Makes sure that `tool/maven:<version>` (one layer) is in the registry; from the Maven repository that builds use too. */
export async function ensureMaven({
  registry,
  sources,
}: Pick<RuntimeParts, 'registry' | 'sources'>): Promise<PushedImage> {
  const known = await readImage(registry, 'tool/maven', version);
  if (known?.config.labels['berth.recipe'] === recipe) return known;
  const artifact = 'org/apache/maven/apache-maven';
  const packed = await fetchArtifact(sources, { artifact, version, suffix: '-bin.tar.gz', bytesMax: 64 * 1024 ** 2 });
  if (createHash('sha512').update(packed).digest('hex') !== sha512)
    throw new Error(`the Maven repository has another Maven ${version} than its makers published`);
  const tar = Readable.from([packed]).pipe(createGunzip());
  const tree = await normaliseTar(tar, { bytesMax: 256 * 1024 ** 2, entriesMax: 10_000 }, { takesFirstOff: true });
  try {
    const files = tree.toLayerEntries(directory, { uid: 0, gid: 0 });
    const layer = await writeLayer([...files, link('opt/berth/tools/bin/mvn', '../maven/bin/mvn')]);
    return await pushImage(registry, {
      repository: 'tool/maven',
      tag: version,
      layers: [{ layer }],
      config: { env: {}, labels: { 'berth.tool': 'maven', 'berth.version': version, 'berth.recipe': recipe } },
    }).finally(layer.dispose);
  } finally {
    await tree.close();
  }
}
