// Takes memory until there is none.
const taken = [];
for (;;) taken.push(Buffer.alloc(32 * 1024 * 1024, 1));
