import { readFileSync, writeFileSync } from 'node:fs';

writeFileSync('built.txt', `built after: ${readFileSync('stamp.txt', 'utf8').trim()}`);
