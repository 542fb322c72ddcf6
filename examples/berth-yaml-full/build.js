import { existsSync, mkdirSync, writeFileSync } from 'node:fs';

// What lies in .made-before comes from the app's last build.
const isWarm = existsSync('.made-before/mark');
mkdirSync('.made-before', { recursive: true });
writeFileSync('.made-before/mark', 'built\n');
writeFileSync('built.json', JSON.stringify({ built: true }));
console.log(isWarm ? 'the cache was kept' : 'the first build of this app');
