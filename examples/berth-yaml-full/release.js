console.log(`release phase of ${process.env.HEROKU_RELEASE_VERSION}`);
