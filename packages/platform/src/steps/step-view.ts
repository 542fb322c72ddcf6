export interface StepView {
  id: string;
  name: string;
  startedAt: Date;
  endedAt: Date | null;
  errorMessage: string | null;
}

/** In the order in which they began. */
export const stepsInOrder = {
  orderBy: { startedAt: 'asc' },
  select: { id: true, name: true, startedAt: true, endedAt: true, errorMessage: true },
} as const;
