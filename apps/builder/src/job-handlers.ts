import type { Handlers } from '@berth/jobs/work';
import { runBuild } from './build.js';
import type { Builder } from './builder.js';
import { describeImage } from './describe/describe-image.js';
import { runRebase } from './rebase/run-rebase.js';

export type BuilderJob = 'build.run' | 'rebase.run' | 'image.describe';

/** The jobs that this process works. */
export const jobHandlers = (builder: Builder): Handlers<BuilderJob> => ({
  'build.run': (payload, context) => runBuild(builder, payload, context),
  'rebase.run': (payload, context) => runRebase(builder, payload, context),
  'image.describe': (payload) => describeImage(builder, payload),
});

/** Side by side, per job. Describing an image is parsing on the one thread that builds need too. */
export const sideBySide = (builds: number): Record<BuilderJob, number> => ({
  'build.run': builds,
  'rebase.run': 4,
  'image.describe': 1,
});
