import { z } from 'zod';
import type { BerthYaml } from './berth-yaml.js';
import { UserError } from './errors.js';
import { parseYamlFile } from './parse-yaml-file.js';

/** What heroku.yml says, in the words of berth.yaml. */
export interface HerokuYml extends Pick<BerthYaml, 'dockerfile' | 'processes'> {
  /** A sentence each. */
  warnings: string[];
}

const line = z.string('is a text').trim().min(1, 'is empty');
const command = z.union(
  [
    line,
    z
      .array(line)
      .min(1)
      .transform((all) => all.join(' ')),
  ],
  'is a command',
);
const fromImage = z.looseObject({ command: command.optional(), image: z.string().optional() });
const asCommand = command.transform((text) => ({ command: text, image: undefined }));

/** Source: Heroku's reference of heroku.yml (devcenter, "Building Docker Images with heroku.yml"). */
const schema = z.looseObject({
  build: z
    .looseObject({
      docker: z.record(z.string(), line, 'is a map of process types and Dockerfiles').optional(),
      config: z.record(z.string(), z.union([z.string(), z.number(), z.boolean()]).transform(String)).optional(),
    })
    .optional(),
  release: z.union([asCommand, fromImage]).optional(),
  run: z.record(z.string(), z.union([asCommand, fromImage], 'is a command')).optional(),
});

/** Parses heroku.yml. One image serves every process type here: that of `build.docker.web`, or of the only one there is. */
export function parseHerokuYml(text: string): HerokuYml {
  const file = parseYamlFile(text, 'heroku.yml');
  const result = schema.safeParse(file.value ?? {});
  if (!result.success) {
    const { path, message } = result.error.issues[0]!;
    throw new UserError('bad_request', `heroku.yml line ${file.lineOf(path)}: ${path.join('.')} ${message}.`);
  }
  const { build, run = {}, release, setup } = result.data;
  const images = Object.entries(build?.docker ?? {});
  const main = images.find(([name]) => name === 'web') ?? images[0];
  const other = images.find(([, path]) => path !== main?.[1]);
  if (other)
    throw new UserError(
      'unsupported',
      `heroku.yml line ${file.lineOf(['build', 'docker', other[0]])}: one Dockerfile for all process types is supported; "${other[0]}" has another one than "${main![0]}". Make it a stage or a process of that one.`,
    );
  const commands = { ...run, ...(release ? { release } : {}) };
  return {
    ...(main ? { dockerfile: { path: main[1], args: build?.config ?? {} } } : {}),
    processes: Object.fromEntries(
      Object.entries(commands).flatMap(([name, about]) =>
        about.command === undefined ? [] : [[name, { command: about.command, singleton: false }]],
      ),
    ),
    warnings: setup === undefined ? [] : ['heroku.yml: "setup" is not supported and is ignored.'],
  };
}
