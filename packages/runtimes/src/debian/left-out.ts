/**
 * Packages that others depend on and that no container of ours uses: a service manager, disks, firewalls, tools for
 * maintainer scripts. libapparmor1 looks like one of them and is not (php-fpm links it).
 */
const pattern = new RegExp(
  `^(${[
    'systemd',
    'libsystemd-shared',
    'dmsetup',
    'libdevmapper.*',
    'libcryptsetup.*',
    'libfdisk1',
    'libkmod2',
    'libip4tc2',
    'psmisc',
    'procps',
    'libproc2-0',
    'iproute2',
    'libbpf1',
    'libelf1.*',
    'libmnl0',
    'libxtables12',
    'libcap2-bin',
    'adduser',
    'ucf',
    'sensible-utils',
    'runit-helper',
    'sysuser-helper',
  ].join('|')})$`,
);

export const isLeftOut = (name: string): boolean => pattern.test(name);
