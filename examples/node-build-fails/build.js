console.error('this build cannot work');
process.exit(3);
