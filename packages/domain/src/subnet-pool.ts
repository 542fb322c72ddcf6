/**
 * The one setting BERTH_SUBNET_POOL divided up. Offsets from the pool's first address:
 *
 *     0.0/24            platform network (fixed addresses of our own processes)
 *     1.0/29            router network; its gateway is where instances find DNS and the internal router
 *     16.0 … half       environments: /22 stable, /25 project
 *     half … end        builds: /28
 *
 * Docker's own pools end at 30 networks, so every network of ours gets an explicit subnet (facts: jail A3).
 * IPv4 only: Docker 20.10 isolates nothing on IPv6.
 */
export interface SubnetPool {
  cidr: string;
  /** CIDR of the platform network. */
  platformSubnet: string;
  platformGateway: string;
  /** Address of one of our processes on the platform network, by its last byte. */
  platformAddress: (lastByte: number) => string;
  routerSubnet: string;
  routerGateway: string;
  /** Lowest free subnet for an environment; `taken` = CIDRs of networks that exist and of the host's routes. */
  freeEnvironment: (kind: 'stable' | 'project', taken: readonly string[]) => string;
  /** Lowest free subnet for a build jail. */
  freeBuild: (taken: readonly string[]) => string;
}

/** First and last address as unsigned 32 bit numbers. */
interface Range {
  first: number;
  last: number;
}

const environmentsOffset = 16 * 256;
const environmentPrefix = { stable: 22, project: 25 } as const;
const buildPrefix = 28;

/** Divides a pool between /8 and /18, given by its network address. Throws a RangeError that says what is wrong. */
export function subnetPool(cidr: string): SubnetPool {
  const pool = parseCidr(cidr);
  const size = pool.last - pool.first + 1;
  if (size < 2 ** 14 || size > 2 ** 24) throw new RangeError(`Subnet pool ${cidr} must be between /8 and /18.`);
  const at = (offset: number) => formatAddress(pool.first + offset);
  const half = pool.first + size / 2;
  return {
    cidr,
    platformSubnet: `${at(0)}/24`,
    platformGateway: at(1),
    platformAddress: (lastByte) => at(lastByte),
    routerSubnet: `${at(256)}/29`,
    routerGateway: at(257),
    freeEnvironment: (kind, taken) =>
      freeSubnet({ first: pool.first + environmentsOffset, last: half - 1 }, environmentPrefix[kind], taken, cidr),
    freeBuild: (taken) => freeSubnet({ first: half, last: pool.last }, buildPrefix, taken, cidr),
  };
}

function freeSubnet(range: Range, prefix: number, taken: readonly string[], pool: string): string {
  const size = 2 ** (32 - prefix);
  const ranges = taken.map(parseCidr).sort((a, b) => a.first - b.first);
  let first = range.first;
  for (const used of ranges) {
    if (used.last < first) continue;
    if (used.first > first + size - 1) break;
    first = Math.ceil((used.last + 1) / size) * size;
  }
  if (first + size - 1 > range.last) throw new RangeError(`No free /${prefix} is left in subnet pool ${pool}.`);
  return `${formatAddress(first)}/${prefix}`;
}

/** Whether two CIDRs have an address in common. */
export function overlaps(a: string, b: string): boolean {
  const [x, y] = [parseCidr(a), parseCidr(b)];
  return x.first <= y.last && y.first <= x.last;
}

/** Whether an IPv4 address lies in a CIDR. */
export function contains(cidr: string, address: string): boolean {
  return overlaps(cidr, `${address}/32`);
}

/** Gateway (first usable address) of a subnet. */
export function gatewayOf(cidr: string): string {
  return formatAddress(parseCidr(cidr).first + 1);
}

function parseCidr(cidr: string): Range {
  const [, address, length] = /^(\d+\.\d+\.\d+\.\d+)\/(\d+)$/.exec(cidr) ?? [];
  const bytes = address?.split('.').map(Number) ?? [];
  const prefix = Number(length);
  if (bytes.length !== 4 || bytes.some((byte) => byte > 255) || prefix > 32)
    throw new RangeError(`${cidr} is not an IPv4 network like 100.64.0.0/12.`);
  const first = bytes.reduce((sum, byte) => sum * 256 + byte, 0);
  const size = 2 ** (32 - prefix);
  if (first % size !== 0) throw new RangeError(`${cidr} has address bits right of its prefix.`);
  return { first, last: first + size - 1 };
}

function formatAddress(value: number): string {
  return [24, 16, 8, 0].map((shift) => (value >>> shift) & 255).join('.');
}
