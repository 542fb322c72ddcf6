// What a release phase is for: it runs once per release, before any instance of it starts.
console.log(`migrating for ${process.env.HEROKU_APP_NAME} ${process.env.HEROKU_RELEASE_VERSION}`);
setTimeout(() => console.log('migrated'), 200);
