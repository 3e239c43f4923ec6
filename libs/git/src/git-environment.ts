import type { Credentials } from './location';


/** Transports that git may use; everything else (`ext`, `fd`, remote helpers) could run programs. */
export const ALLOWED_PROTOCOLS = 'file:https:http:ssh:git';

/**
 * The only configuration that git reads besides the mirror's own. It is a file and not `-c` options, because git hands
 * neither those nor their variables on to the `git upload-pack` that it starts inside a local repository, and that one
 * refuses repositories of other users (containers, shared machines) without `safe.directory`.
 * Nothing here lets a repository run a program: no hooks, no filters, no helpers. Nor does a server choose what else is fetched: redirects are refused.
 */
export const GIT_CONFIGURATION = `[safe]
	directory = *
[core]
	hooksPath = /dev/null
	fsmonitor = false
	attributesFile = /dev/null
[protocol]
	version = 2
	allow = never
[protocol "file"]
	allow = always
[protocol "https"]
	allow = always
[protocol "http"]
	allow = always
[protocol "ssh"]
	allow = always
[protocol "git"]
	allow = always
[protocol "ext"]
	allow = never
[credential]
	helper =
[gc]
	auto = 0
[maintenance]
	auto = false
[fetch]
	recurseSubmodules = false
	unpackLimit = 1
	writeCommitGraph = false
[http]
	followRedirects = false
	lowSpeedLimit = 1000
	lowSpeedTime = 30
`;

export interface GitEnvironment {
  readonly inherited: Readonly<Record<string, string>>;
  /** Path of a file that holds `GIT_CONFIGURATION`. */
  readonly configFile: string;
}

/** The whole environment of a git process. */
export function gitEnvironment({ inherited, configFile }: GitEnvironment, remote?: { location: string; credentials: Credentials | null }): Record<string, string> {
  return {
    ...inherited,
    LC_ALL: 'C',
    GIT_CONFIG_NOSYSTEM: '1',
    GIT_CONFIG_GLOBAL: configFile,
    GIT_ATTR_NOSYSTEM: '1',
    GIT_TERMINAL_PROMPT: '0',
    GIT_ASKPASS: 'true',
    SSH_ASKPASS: 'true',
    GIT_ALLOW_PROTOCOL: ALLOWED_PROTOCOLS,
    GIT_PROTOCOL_FROM_USER: '0',
    GIT_NO_LAZY_FETCH: '1',
    GIT_NO_REPLACE_OBJECTS: '1',
    GIT_OPTIONAL_LOCKS: '0',
    GIT_LITERAL_PATHSPECS: '1',
    // Also keeps a repository's own core.sshCommand from being used.
    GIT_SSH_COMMAND: 'ssh -oBatchMode=yes -oConnectTimeout=15',
    GIT_SSH_VARIANT: 'ssh',
    ...credentialVariables(remote),
  };
}

const ANSWER = `!answer() { test "$1" = get && printf 'username=%s\\npassword=%s\\n' "$GRANARY_GIT_USERNAME" "$GRANARY_GIT_PASSWORD"; }; answer`;

// Credentials travel in the environment, since command lines can be read by every user of a machine, and
// only for the address itself, so that a redirect to another host does not get them.
function credentialVariables(remote?: { location: string; credentials: Credentials | null }): Record<string, string> {
  if (!remote?.credentials) return {};
  return {
    GIT_CONFIG_COUNT: '1',
    GIT_CONFIG_KEY_0: `credential.${new URL(remote.location).origin}.helper`,
    GIT_CONFIG_VALUE_0: ANSWER,
    GRANARY_GIT_USERNAME: remote.credentials.username,
    GRANARY_GIT_PASSWORD: remote.credentials.password,
  };
}
