import { bots } from './bots.js';
import { type Endpoint, type RouterSettings, routerPaths } from './router-settings.js';

/** Requests wait for a wake this long at the most, s; whoever wakes gives up a little sooner and says why. */
export const heldMax = 30;

/** What a log line says of a bot's request (`reason`). */
export const botMark = '~bot';

/**
 * The wake gate: a request to an app that sleeps is held until the app is awake, then goes on as if nothing had been, whatever its
 * kind. It stands in the frontends (a backend cannot hand on), and costs the others two tests of a prefix.
 */
export const wakeRules: readonly string[] = [
  `  acl is_bot req.fhdr(user-agent) -i -m sub ${bots.join(' ')}`,
  `  http-request set-var(txn.err) str(${botMark}) if { var(txn.be) -m beg ~s: ~w: } is_bot`,
  '  http-request set-var(txn.be) var(txn.be),field(2,:) if { var(txn.be) -m beg ~s: }',
  `  http-request lua.wake if { var(txn.be) -m beg ~w: } !{ var(txn.err) -m str ${botMark} }`,
];

/** HAProxy reads the script at its start. */
export const loadWake = ({ dir }: RouterSettings): string[] => [`  lua-load ${routerPaths(dir).wakeScript}`];

/**
 * The gate's script: one line to who wakes (apps/releaser), `WAKE <slot>:<app id>`, one line back: `OK <slot>` (another one after
 * a deploy), or why not.
 * Who is away for a moment (a restart) is asked again; every wait yields, so HAProxy goes on with all other requests.
 */
export const renderWakeScript = ({ address, port }: Endpoint): string => `-- Written by apps/router; changes are lost.
local function ask(whom)
  local socket = core.tcp()
  socket:settimeout(${heldMax})
  local answer = nil
  if socket:connect("${address}", ${port}) then
    socket:send("WAKE " .. whom .. "\\n")
    answer = socket:receive("*l")
  end
  socket:close()
  return answer
end

-- A check that was under way as the app fell asleep, or as HAProxy was started, may have called its instances dead since.
local function trust(slot)
  local backend = core.backends[slot]
  for _, server in pairs(backend and backend.servers or {}) do server:check_force_up() end
end

core.register_action("wake", { "http-req" }, function(txn)
  local whom = txn:get_var("txn.be"):sub(4)
  local ends = core.now().sec + ${heldMax}
  while true do
    local answer = ask(whom)
    local awake = answer and answer:match("^OK (%w+)$")
    if awake then
      trust(awake)
      txn:set_var("txn.be", awake)
      return
    end
    if answer or core.now().sec >= ends then return end
    core.msleep(50)
  end
end, 0)
`;
