/** `run.1234`, in `ps`, in logs and as DYNO. */
export const oneOffName = ({ processType, number }: { processType: string; number: number }): string =>
  `${processType}.${number}`;
