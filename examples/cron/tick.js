// A one-off of the current release: it has the app's config vars, and its name is in DYNO.
console.log(`tick of ${process.env.DYNO} in ${process.env.HEROKU_RELEASE_VERSION}`);
