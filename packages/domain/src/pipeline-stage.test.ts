import { expect, test } from 'vitest';
import { pipelineStage } from './pipeline-stage.js';

const line = (count: number) =>
  Array.from({ length: count }, (_, index) => pipelineStage({ kind: 'stable', index, count }));

test('the last environment is production, the first development, all between staging', () => {
  expect(line(1)).toEqual(['production']);
  expect(line(2)).toEqual(['development', 'production']);
  expect(line(4)).toEqual(['development', 'staging', 'staging', 'production']);
  expect(pipelineStage({ kind: 'project' })).toBe('review');
});
