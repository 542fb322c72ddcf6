console.log(`seeded once, by ${process.env.DYNO}`);
