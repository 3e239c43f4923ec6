/** The system user under which PostgreSQL runs when the starter is root, because it refuses to run as root. */
export interface ServerUser {
  readonly name: string;
  readonly uid: number;
  readonly gid: number;
}

/** `postgres` where the machine has such a user, else `nobody`. No user is created. @param passwd content of /etc/passwd */
export function serverUser(passwd: string): ServerUser | null {
  const users = passwd.split('\n').map((line) => line.split(':'));
  for (const name of ['postgres', 'nobody']) {
    const found = users.find((fields) => fields[0] === name);
    const [uid, gid] = [Number(found?.[2]), Number(found?.[3])];
    if (uid > 0 && gid >= 0) return { name, uid, gid };
  }
  return null;
}

// Bits of the kernel's capability sets, the smaller right first.
const PASSING_FOLDERS = [
  { name: 'dac_read_search', bit: 2n },
  { name: 'dac_override', bit: 1n },
] as const;

/**
 * The capability that lets another user pass through folders that are closed to it, such as /root.
 * @param status content of /proc/self/status
 * @returns null when this process may not hand one on, as in some containers
 */
export function passingCapability(status: string): string | null {
  const bounding = BigInt(`0x${/^CapBnd:\s*([0-9a-f]+)/m.exec(status)?.[1] ?? '0'}`);
  return PASSING_FOLDERS.find(({ bit }) => (bounding >> bit) & 1n)?.name ?? null;
}

/** The arguments of `setpriv` that run a program as another user who keeps one capability. */
export function setprivArguments(user: ServerUser, capability: string): string[] {
  return [
    `--reuid=${user.uid}`,
    `--regid=${user.gid}`,
    '--clear-groups',
    `--inh-caps=+${capability}`,
    `--ambient-caps=+${capability}`,
    // access(2), with which PostgreSQL looks for its own programs, heeds the capability only with this.
    '--securebits=+no_setuid_fixup',
    '--',
  ];
}
