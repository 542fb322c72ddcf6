import { readFile } from 'node:fs/promises';
import type { LayerEntry } from '@berth/images/layer';
import { candidateVersions } from '../debian/candidate-versions.js';
import { type DebianLayer, ensureDebianLayer } from '../debian/ensure-debian-layer.js';
import { link } from '../debian/link.js';
import { pushDebianBuildImage } from '../debian/push-debian-build-image.js';
import { pushDebianRuntime } from '../debian/push-debian-runtime.js';
import { withSuite } from '../debian/with-suite.js';
import { toolsBin } from '../npm/ensure-tool.js';
import type { Tool } from '../npm/tools.js';
import { ownRoot, readOwnFiles } from '../own-files.js';
import type { Runtime, RuntimeParts } from '../runtime.js';
import { ensureMaven } from './ensure-maven.js';
import { findJavaLine, type JavaLine, javaLines, noSuchJava } from './java-version.js';
import { writeTrustStore } from './trust-store.js';

/** Lines of Java that a Debian release may have; which of them there are is for the archive to say. */
const majors = ['21', '25', '29'];
/** Other Debian releases that still patch a line, and which: their packages run on the stack. */
const others: Readonly<Record<string, string>> = { bookworm: '17' };

const jreOf = (major: string) => `openjdk-${major}-jre-headless`;

/** Where every OpenJDK of Debian looks for certificate authorities. */
const trustStorePath = 'etc/ssl/certs/java/cacerts';
/** Where berth-java (files/java-build) puts those of the jail. */
const jailTrustStore = '/tmp/java-certificates';

/**
 * Debian's build tools ask for its default Java, whichever is asked for here. Modules for jlink are 75 MB that no build of a server
 * needs.
 */
const without = (line: JavaLine) => ({
  packages: ['default-jre-headless', ...majors.filter((one) => one !== line.major).map(jreOf), ...graphics],
  paths: [`${homeOf(line).slice(1)}/jmods`],
});

const listOwn = ({ sources, stack, listing }: RuntimeParts): Promise<JavaLine[]> =>
  listing(`java:${stack.digest}`, async () => javaLines(await candidateVersions(sources, majors.map(jreOf))));

/** Those of other releases, whose lists of packages are fetched only when somebody asks for such a line. */
const listOthers = async ({ sources, listing }: RuntimeParts): Promise<JavaLine[]> => {
  const lists = Object.entries(others).map(([suite, major]) =>
    listing(`java:${suite}`, async () =>
      // A mirror need not have other releases.
      javaLines(await candidateVersions(withSuite({ sources }, suite), [jreOf(major)]).catch(() => ({})), suite),
    ),
  );
  return (await Promise.all(lists)).flat();
};

/** The parts with the archive that has this line. */
const partsFor = (parts: RuntimeParts, { suite }: JavaLine) =>
  suite ? { ...parts, sources: withSuite(parts, suite) } : parts;

/** For a wish, and for an exact version: one that the archive no longer has (a build that is made again) means its line. */
async function lineOf(parts: RuntimeParts, wish: string | undefined): Promise<JavaLine> {
  const own = await listOwn(parts);
  const found = findJavaLine(wish, own);
  if (found) return found;
  const all = [...(await listOthers(parts)), ...own];
  const older = findJavaLine(wish, all);
  if (!older) throw noSuchJava(wish, all);
  return older;
}

const homeOf = ({ major }: JavaLine) => `/usr/lib/jvm/java-${major}-openjdk-amd64`;

const envOf = (line: JavaLine) => ({
  PATH: `${homeOf(line)}/bin:/usr/local/bin:/usr/bin:/bin:/app/bin`,
  LANG: 'C.UTF-8',
  JAVA_HOME: homeOf(line),
});

/** Java 17 asks for what draws, prints and plays sound, which a server does not. */
const graphics = [
  ...[
    'fonts-dejavu-core',
    'fonts-dejavu-mono',
    'fontconfig-config',
    'libfontconfig1',
    'libfreetype6',
    'libpng16-16t64',
  ],
  ...['libharfbuzz0b', 'libgraphite2-3', 'libglib2.0-0t64', 'libasound2', 'libasound2-data', 'libcups2', 'libdbus-1-3'],
  ...['libavahi-client3', 'libavahi-common3', 'libavahi-common-data'],
];

function ensureJre(parts: RuntimeParts, line: JavaLine): Promise<DebianLayer> {
  return ensureDebianLayer(partsFor(parts, line), {
    name: `java-${line.major}`,
    packages: [`${jreOf(line.major)}=${line.debianVersion}`],
    isShipped: true,
    // An archive only for heaps above 32 GB.
    without: { packages: graphics, paths: [`${homeOf(line).slice(1)}/lib/server/classes_nocoops`] },
    // Of fonts (libfontmanager) and of sound.
    mayLack: ['libfreetype.so.6', 'libharfbuzz.so.0', 'libasound.so.2'],
    // update-alternatives would make it.
    link: { version: '2', entries: () => [link('usr/bin/java', `${homeOf(line)}/bin/java`)] },
  });
}

/** The authorities that this process trusts: the host's, which every container sees as PEM. A rebase brings newer ones. */
async function readTrustStore(): Promise<LayerEntry> {
  const content = writeTrustStore(await readFile('/etc/ssl/certs/ca-certificates.crt', 'utf8'));
  return { path: trustStorePath, type: 'file', mode: 0o644, uid: 0, gid: 0, content, sizeBytes: content.length };
}

async function ensureRun(parts: RuntimeParts, version: string) {
  const line = await lineOf(parts, version);
  const abi = `${parts.stack.config.labels['berth.stack']}/java-${line.major}`;
  const [debian, trustStore] = await Promise.all([ensureJre(parts, line), readTrustStore()]);
  const image = { name: 'java', version: line.version, debian, own: [trustStore], env: envOf(line), abi };
  return pushDebianRuntime(parts, image);
}

async function ensureBuild(parts: RuntimeParts, version: string, tools: readonly Tool[]) {
  const line = await lineOf(parts, version);
  const [maven, runtime, jre, own] = await Promise.all([
    ensureMaven(parts),
    ensureRun(parts, version),
    ensureJre(parts, line),
    readOwnFiles('java-build'),
  ]);
  const jdk = await ensureDebianLayer(partsFor(parts, line), {
    name: `jdk-${line.major}`,
    packages: [`openjdk-${line.major}-jdk-headless=${line.debianVersion}`],
    below: [jre],
    without: without(line),
    isShipped: false,
  });
  const gradle = tools.some(({ name }) => name === 'gradle') ? [await ensureGradle(parts, line, [jre, jdk])] : [];
  const env = envOf(line);
  return pushDebianBuildImage(parts, {
    ...{
      name: 'java',
      version: line.version,
      runtime,
      tools: [jdk, ...gradle, ...maven.layers.map((layer) => ({ layer, from: maven.repository }))],
    },
    own: [...own, link(trustStorePath, jailTrustStore)],
    env: { ...env, PATH: `/${ownRoot('java-build')}/bin:${toolsBin}:${env.PATH}` },
  });
}

/** Old, and as heavy as the JDK itself: only for projects that bring no wrapper along. */
const ensureGradle = (parts: RuntimeParts, line: JavaLine, below: readonly DebianLayer[]) =>
  ensureDebianLayer(parts, { name: 'gradle', packages: ['gradle'], below, without: without(line), isShipped: false });

/** OpenJDK of the stack's Debian packages. */
export const javaRuntime: Runtime = {
  title: 'Java',
  isOnStack: true,
  resolve: async (parts, wish) => (await lineOf(parts, wish)).version,
  ensureRun,
  ensureBuild,
};
