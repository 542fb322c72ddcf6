// Writes until there is no room.
const { openSync, writeSync } = require('node:fs');

const file = openSync('big', 'w');
const block = Buffer.alloc(16 * 1024 * 1024, 1);
for (;;) writeSync(file, block);
