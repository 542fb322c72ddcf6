import { DockerfileParser, type Flag, type From, type Instruction } from 'dockerfile-ast';
import { expandVariables } from './expand-variables.js';

/** An image that a Dockerfile takes files from. */
export interface UsedImage {
  image: string;
  /** Of the Dockerfile, from 1. */
  line: number;
}

/** What has to be known of a Dockerfile before it is built. */
export interface DockerfileFacts {
  /** The image of the frontend, from a line `# syntax=`. */
  syntax: string | undefined;
  /** Images of FROM, COPY --from and RUN --mount=from that are no stages of this file, each once. */
  images: readonly UsedImage[];
  /** Names that ARG asks for, anywhere. */
  args: readonly string[];
  /** Names that RUN --mount=type=secret asks for. */
  secrets: readonly string[];
  /** Ports of EXPOSE, as they are written. */
  ports: readonly string[];
}

/** Variables that BuildKit gives every Dockerfile for FROM lines (docs: "Automatic platform ARGs"). */
const platform = {
  ...{ BUILDPLATFORM: 'linux/amd64', BUILDOS: 'linux', BUILDARCH: 'amd64', BUILDVARIANT: '' },
  ...{ TARGETPLATFORM: 'linux/amd64', TARGETOS: 'linux', TARGETARCH: 'amd64', TARGETVARIANT: '' },
};

/** Reads a Dockerfile; `buildArgs` take the place of the defaults of its ARG lines. What is wrong in it, BuildKit says. */
export function readDockerfile(text: string, buildArgs: Readonly<Record<string, string>>): DockerfileFacts {
  const file = DockerfileParser.parse(text);
  const instructions = file.getInstructions();
  const directives = file.getDirectives();
  const syntax = directives.find((directive) => directive.getName().toLowerCase() === 'syntax')?.getValue();
  const globals: Record<string, string> = { ...platform };
  for (const arg of file.getInitialARGs())
    for (const { name, value } of argsOf(arg))
      globals[name] = Object.hasOwn(buildArgs, name) ? buildArgs[name]! : expandVariables(value, globals);
  const all = instructions.filter((one) => one.getKeyword() === 'ARG').flatMap((one) => argsOf(one));
  const mounts = instructions.flatMap((one) => flagsOf(one, 'mount').map((value) => ({ one, ...mountOf(value) })));
  return {
    syntax: syntax || undefined,
    images: imagesOf(instructions, mounts, globals),
    args: unique(all.map(({ name }) => name)),
    secrets: unique(mounts.flatMap(({ type, id, target }) => (type === 'secret' ? [id ?? baseName(target)] : []))),
    ports: instructions
      .filter((one) => one.getKeyword() === 'EXPOSE')
      .flatMap((one) => one.getArguments().map((argument) => argument.getValue())),
  };
}

interface Mount {
  type?: string;
  id?: string;
  from?: string;
  target?: string;
}

function imagesOf(
  instructions: readonly Instruction[],
  mounts: readonly ({ one: Instruction } & Mount)[],
  globals: Record<string, string>,
): UsedImage[] {
  const stages = new Set<string>(['scratch']);
  const images = new Map<string, number>();
  const add = (image: string, one: Instruction) => {
    const isStage = stages.has(image.toLowerCase()) || /^\d*$/.test(image);
    if (!isStage && !images.has(image)) images.set(image, one.getRange().start.line + 1);
  };
  for (const one of instructions) {
    if (one.getKeyword() === 'FROM') {
      add(expandVariables((one as From).getImage() ?? '', globals), one);
      stages.add((one as From).getBuildStage()?.toLowerCase() ?? '');
    }
    for (const from of flagsOf(one, 'from')) add(expandVariables(from, globals), one);
    for (const mount of mounts) if (mount.one === one && mount.from) add(expandVariables(mount.from, globals), one);
  }
  return [...images].map(([image, line]) => ({ image, line }));
}

/** `ARG A B="1 2"`; the library itself knows one name per line only. */
function argsOf(arg: Instruction): { name: string; value: string }[] {
  const text = arg.getArgumentsContent() ?? '';
  return [...text.matchAll(/([A-Za-z_]\w*)(?:=("[^"]*"|'[^']*'|\S*))?/g)].map(([, name, value = '']) => ({
    name: name!,
    value: value.replace(/^(["'])(.*)\1$/, '$2'),
  }));
}

function flagsOf(one: Instruction, name: string): string[] {
  const flags: Flag[] = 'getFlags' in one ? (one as Instruction & { getFlags: () => Flag[] }).getFlags() : [];
  return flags.filter((flag) => flag.getName() === name).map((flag) => flag.getValue() ?? '');
}

function mountOf(value: string): Mount {
  return Object.fromEntries(
    value.split(',').map((part) => {
      const [key = '', ...rest] = part.split('=');
      return [key === 'dst' || key === 'destination' ? 'target' : key, rest.join('=')];
    }),
  );
}

const baseName = (path = '') => path.slice(path.lastIndexOf('/') + 1);

const unique = (names: string[]) => [...new Set(names.filter((name) => name !== ''))].sort();
