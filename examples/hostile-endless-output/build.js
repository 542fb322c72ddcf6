// Prints without end.
const line = `${'x'.repeat(1_000)}\n`;
const print = () => {
  while (process.stdout.write(line));
  process.stdout.once('drain', print);
};
print();
