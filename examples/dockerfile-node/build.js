// Puts what the build argument says into the server.
const fs = require('node:fs');
const semver = require('semver');

fs.mkdirSync('dist', { recursive: true });
const facts = { greeting: process.argv[2], major: semver.major(process.version), ignored: fs.existsSync('secret.txt') };
fs.writeFileSync('dist/facts.json', JSON.stringify(facts));
fs.copyFileSync('src/server.js', 'dist/server.js');
