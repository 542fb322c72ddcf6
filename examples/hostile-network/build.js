// Tries to reach what is none of a build's business: the metadata address of clouds, the host, other networks of Berth.
const { connect } = require('node:net');
const { networkInterfaces } = require('node:os');

const own = networkInterfaces().eth0?.find(({ family }) => family === 'IPv4')?.address ?? '100.64.0.2';
const [a, b] = own.split('.').map(Number);
const gateway = own.replace(/\d+$/, (last) => String(Number(last) - (Number(last) % 16) + 1));
const targets = [
  ['the metadata address', '169.254.169.254', 80],
  ['the host by its gateway', gateway, 22],
  ['the platform (PostgreSQL)', `${a}.${b & ~3}.0.10`, 5432],
  ['the registry', `${a}.${b & ~3}.0.12`, 5000],
  ['a private network', '10.0.0.1', 80],
  ['mail servers', '1.1.1.1', 25],
];

const isOpen = (host, port) =>
  new Promise((resolve) => {
    const socket = connect({ host, port, timeout: 1_500 });
    const end = (open) => {
      socket.destroy();
      resolve(open);
    };
    socket.on('connect', () => end(true));
    socket.on('timeout', () => end(false));
    socket.on('error', ({ code }) => end(code === 'ECONNREFUSED')); // somebody answered
  });

Promise.all(targets.map(async ([what, host, port]) => [what, await isOpen(host, port)])).then((all) => {
  const open = all.filter(([, isReached]) => isReached).map(([what]) => what);
  if (open.length > 0) return console.log(`REACHED: ${open.join(', ')}`);
  console.error('Error: connect ETIMEDOUT: nothing private could be reached');
  process.exit(1);
});
