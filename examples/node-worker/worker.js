console.log('worker is up');
const timer = setInterval(() => console.log('worked'), 1_000);
process.on('SIGTERM', () => clearInterval(timer));
