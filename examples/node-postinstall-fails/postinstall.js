console.error('postinstall: the license key is missing');
process.exit(7);
