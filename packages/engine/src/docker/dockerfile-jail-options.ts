import type { HostFacts } from '../host-facts.js';
import mobyProfile from './moby-seccomp.json' with { type: 'json' };

/**
 * System calls that rootless buildkitd and runc need inside the user namespace that they make, which Docker's own profile
 * keeps for containers with SYS_ADMIN. In there they reach nothing that the namespace does not own; around each RUN
 * buildkitd puts its stricter filter again (facts: jail D).
 */
const inOwnNamespace = [
  ...['unshare', 'setns', 'clone', 'clone3', 'chroot', 'pivot_root', 'mount', 'umount', 'umount2', 'mount_setattr'],
  ...['open_tree', 'move_mount', 'fsopen', 'fsconfig', 'fsmount', 'fspick', 'sethostname', 'setdomainname', 'keyctl'],
];

/** moby's default.json (github.com/moby/profiles/seccomp v0.2.3, Apache-2.0) and the calls above. */
const seccompProfile = JSON.stringify({
  ...mobyProfile,
  syscalls: [...mobyProfile.syscalls, { names: inOwnNamespace, action: 'SCMP_ACT_ALLOW' }],
});

/**
 * What differs in a jail that runs a build by Dockerfile from one that runs a command (facts: jail D; docs/security.md).
 * SETUID and SETGID are for newuidmap and newgidmap alone, which have them as file capabilities; no-new-privileges would
 * take those away. Nothing of /proc is masked, so that each RUN can have a /proc of its own, where it sees only itself.
 */
export function dockerfileJailOptions({ hasAppArmor }: Pick<HostFacts, 'hasAppArmor'>) {
  return {
    CapAdd: ['SETUID', 'SETGID'],
    // docker-default forbids every mount.
    SecurityOpt: [`seccomp=${seccompProfile}`, ...(hasAppArmor ? ['apparmor=unconfined'] : [])],
    MaskedPaths: [],
    ReadonlyPaths: [],
  };
}
