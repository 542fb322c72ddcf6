import { mkdirSync, writeFileSync } from 'node:fs';

mkdirSync('built', { recursive: true });
writeFileSync(
  'built/index.js',
  `import ms from 'ms';
export const greeting = (name) => 'hello ' + name + ', a day has ' + ms('1 day') + ' ms';
`,
);
