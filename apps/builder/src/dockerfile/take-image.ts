import { planProcesses } from '@berth/buildpacks/plan-processes';
import { UserError } from '@berth/domain/errors';
import type { ProcessType } from '@berth/domain/process-type';
import type { Layer } from '@berth/images/layer';
import { normaliseTar } from '@berth/images/normalise-tar';
import { pushExportedImage } from '@berth/images/push-exported-image';
import { type ExportedImage, type ImageStart, readOciLayout } from '@berth/images/read-oci-layout';
import { receiveLayers } from '@berth/images/receive-layers';
import { entriesMax } from '../builder.js';
import { workspace } from '../jail.js';
import { imageRepository } from '../repositories.js';
import type { RunningBuild } from '../running-build.js';
import type { BaseImages } from './ensure-base-images.js';
import type { PlannedDockerfile } from './plan-dockerfile.js';
import { layoutDirectory } from './run-buildkit.js';

/** An image that a Dockerfile made, in the app's repository. */
export interface TakenImage {
  digest: string;
  sizeBytes: number;
  processes: ProcessType[];
}

const blobsDirectory = `${workspace}/blobs`;
const wantedDirectory = `${workspace}/wanted`;
/** Blobs from this size on leave the jail only when the registry does not have them. */
const bigBlob = '256k';
/** The rest of a layout: its documents and small layers. */
const layoutBytesMax = 64 * 1024 ** 2;

/** Takes the image out of the jail and writes it to the registry; only missing layers travel. */
export async function takeImage(
  build: RunningBuild,
  planned: PlannedDockerfile,
  bases: BaseImages,
): Promise<TakenImage> {
  const { builder, jail, app, source, output } = build;
  const repository = imageRepository(app.repositoryId);
  await jail.runQuietly(['mkdir', blobsDirectory, wantedDirectory]);
  const layoutBlobs = `${layoutDirectory}/blobs/sha256`;
  await jail.runQuietly([
    'find',
    layoutBlobs,
    '-type',
    'f',
    '-size',
    `+${bigBlob}`,
    '-exec',
    'mv',
    '-t',
    blobsDirectory,
    '{}',
    '+',
  ]);
  const image = await readLayout(build);
  const processes = processesOf(planned, image.start);
  const wanted = await missingLayers(build, image, bases);
  const hexes = wanted.map(({ digest }) => digest.slice('sha256:'.length));
  for (const hex of hexes)
    await jail.runQuietly([
      'find',
      blobsDirectory,
      layoutBlobs,
      '-name',
      hex,
      '-exec',
      'mv',
      '-t',
      wantedDirectory,
      '{}',
      '+',
    ]);
  const received = await receiveLayers(await jail.get(wantedDirectory), wanted, {
    bytesMax: builder.limits.jail.diskBytes,
  });
  try {
    const from = new Map([...bases.layers].map(([digest, layer]) => [digest, layer.from]));
    const to = { repository, tag: source.commit };
    const pushed = await pushExportedImage(builder.registry, to, image, { received, from }, build.signal);
    const own = received.reduce((sum, layer) => sum + layer.sizeBytes, 0);
    output.title(`Image: ${megabytes(pushed.sizeBytes)} (new layers ${megabytes(own)})`);
    output.say(`Process types: ${processes.map(({ name }) => name).join(', ')}`);
    if (/^(|0|root)(:.*)?$/.test(image.start.user))
      output.say('Its user is root; processes run as user 10001 all the same.');
    return { ...pushed, processes };
  } finally {
    await Promise.all(received.map((layer) => layer.dispose()));
  }
}

async function readLayout({ jail }: RunningBuild): Promise<ExportedImage> {
  const archive = await jail.get(layoutDirectory);
  const tree = await normaliseTar(archive, { bytesMax: layoutBytesMax, entriesMax });
  try {
    return await readOciLayout(tree);
  } finally {
    await tree.close();
  }
}

/** Layers that are neither of a base image nor in the app's repository already. A base's must be the one that we made. */
async function missingLayers(
  { builder, app }: RunningBuild,
  { layers }: ExportedImage,
  bases: BaseImages,
): Promise<Layer[]> {
  const missing = new Map<string, Layer>();
  for (const layer of layers) {
    const base = bases.layers.get(layer.digest)?.layer;
    if (base && base.diffId !== layer.diffId)
      throw new UserError('bad_request', `The image of this build cannot be used: ${layer.digest} is another layer.`);
    if (base ?? (await builder.registry.hasBlob(imageRepository(app.repositoryId), layer.digest))) continue;
    missing.set(layer.digest, layer);
  }
  return [...missing.values()];
}

/** What the app's files say, and the image's own command as web; it runs as the image says it, without a shell. */
function processesOf(
  { view, settings, dockerfile }: PlannedDockerfile,
  { entrypoint, cmd }: ImageStart,
): ProcessType[] {
  const [program, ...more] = [...entrypoint, ...cmd];
  const shown = program === undefined ? undefined : [program, ...more].join(' ');
  const noStart = `the image of ${dockerfile.path} has neither ENTRYPOINT nor CMD`;
  const isOwn = view.texts.Procfile === undefined && settings.processes.web?.command === undefined;
  return planProcesses(view, settings, { web: shown, noStart }).map((process) =>
    process.name === 'web' && isOwn && program !== undefined ? { ...process, argv: [program, ...more] } : process,
  );
}

const megabytes = (bytes: number) => `${(bytes / 1_000_000).toFixed(1)} MB`;
