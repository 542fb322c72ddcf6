const timer = setInterval(() => {}, 1_000);
process.on('SIGTERM', () => clearInterval(timer));
