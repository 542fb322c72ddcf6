/** One server as HAProxy has it. */
export interface ServerState {
  slot: string;
  name: string;
  address: string;
  port: number;
  admin: 'ready' | 'drain' | 'maint';
  /** `off`: not checked (in maintenance, or checks not enabled yet); `initial`: no check has ended yet. */
  health: 'off' | 'initial' | 'passing' | 'failing';
  /** HAProxy's words for the last check, e.g. `L7STS/500`; null before the first one. */
  lastCheck: string | null;
  /** Requests and tunnels that are open now. */
  open: number;
}

/** Bits of srv_admin_state (HAProxy management guide, `show servers state`): forced, inherited or by DNS. */
const maintBits = 0x01 | 0x02 | 0x04 | 0x20 | 0x40;
const drainBits = 0x08 | 0x10;

/**
 * Reads two answers about the same servers: `show servers state` for the administrative state (which `show stat` hides
 * behind DOWN), `show stat <backend> 4 -1` (4 = servers only) for checks and open requests. Fields are found by the names
 * in the headers.
 */
export function parseServers(stateAnswer: string, statAnswer: string): ServerState[] {
  const stats = new Map(readTable(statAnswer, ',').map((cell) => [`${cell('pxname')}/${cell('svname')}`, cell]));
  return readTable(stateAnswer, ' ').flatMap((cell) => {
    const stat = stats.get(`${cell('be_name')}/${cell('srv_name')}`);
    return stat ? [readServer(cell, stat)] : [];
  });
}

type Cell = (name: string) => string;

/** The rows below a header line that begins with `# `. */
function readTable(answer: string, separator: string): Cell[] {
  const lines = answer.split('\n');
  const start = lines.findIndex((line) => line.startsWith('# '));
  const columns = new Map(
    lines[start]
      ?.slice(2)
      .split(separator)
      .map((name, at) => [name, at]),
  );
  return lines
    .slice(start + 1)
    .filter((line) => line.includes(separator))
    .map((line) => {
      const cells = line.split(separator);
      return (name) => cells[columns.get(name) ?? -1] ?? '';
    });
}

function readServer(state: Cell, stat: Cell): ServerState {
  const admin = Number(state('srv_admin_state'));
  const check = stat('check_status').replace(/^\* /, ''); // `* ` = the next check is under way
  const code = stat('check_code');
  return {
    slot: state('be_name'),
    name: state('srv_name'),
    address: state('srv_addr'),
    port: Number(state('srv_port')),
    admin: admin & maintBits ? 'maint' : admin & drainBits ? 'drain' : 'ready',
    health: healthOf(check, Number(stat('check_health')), Number(stat('check_rise'))),
    lastCheck: check === '' || check === 'INI' ? null : code && code !== '0' ? `${check}/${code}` : check,
    open: Number(stat('scur')),
  };
}

function healthOf(check: string, health: number, rise: number): ServerState['health'] {
  if (check === '') return 'off';
  if (check === 'INI') return 'initial';
  return health >= rise ? 'passing' : 'failing';
}
