console.error('relation "people" does not exist');
process.exit(3);
