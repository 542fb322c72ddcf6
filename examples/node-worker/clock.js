console.log('clock is up');
const timer = setInterval(() => console.log('tick'), 1_000);
process.on('SIGTERM', () => clearInterval(timer));
