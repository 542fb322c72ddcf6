/** Heroku's stages (Platform API, `pipeline-coupling.stage`), from the first to the last. */
export const pipelineStages = ['review', 'development', 'staging', 'production'] as const;
export type PipelineStage = (typeof pipelineStages)[number];

/**
 * What Heroku's CLI calls an environment: the last one of a team's line is production, the first one development, those
 * between are staging; a project environment is review. `index` counts the stable ones from 0.
 */
export function pipelineStage(
  environment: { kind: 'project' } | { kind: 'stable'; index: number; count: number },
): PipelineStage {
  if (environment.kind === 'project') return 'review';
  const { index, count } = environment;
  if (index === count - 1) return 'production';
  return index === 0 ? 'development' : 'staging';
}
