import type { WantedConfigVar } from '@berth/domain/app-json';
import { secretValues } from '@berth/domain/secret-values';
import { addFirstConfigVars } from '@berth/platform/config-vars/add-first-config-vars';
import type { RunningBuild } from './running-build.js';

/** Sets config vars when this is the app's first deploy; the rest of the build has them, and its output does not show them. */
export async function setFirstConfig(
  build: RunningBuild,
  wanted: readonly WantedConfigVar[],
  from: string,
): Promise<void> {
  if (wanted.length === 0) return;
  const { lease, app, builder, output } = build;
  build.config = await addFirstConfigVars(builder.platform, { appId: app.id, lease, wanted, from });
  output.hide(secretValues(build.config));
}
