console.log(`${process.argv[2] ?? 'worker'} is up in ${process.env.DYNO}`);
const timer = setInterval(() => {}, 1_000);
process.on('SIGTERM', () => clearInterval(timer));
