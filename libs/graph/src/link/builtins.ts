// Written down instead of asked from the running Node: the same commit must give the same graph on every machine.
const NAMES = new Set(
  `assert assert/strict async_hooks buffer child_process cluster console constants crypto dgram diagnostics_channel dns dns/promises
  domain events fs fs/promises http http2 https inspector inspector/promises module net os path path/posix path/win32 perf_hooks process
  punycode querystring readline readline/promises repl stream stream/consumers stream/promises stream/web string_decoder sys timers
  timers/promises tls trace_events tty url util util/types v8 vm wasi worker_threads zlib`.split(/\s+/),
);

// Runtimes other than Node name their own modules with a scheme.
const SCHEMES = ['node:', 'bun:', 'deno:', 'cloudflare:', 'electron:'];

/** The canonical name of a module that the runtime brings along (`node:fs`, `bun:test`); null for any other specifier. */
export function builtinOf(specifier: string): string | null {
  if (NAMES.has(specifier)) return `node:${specifier}`;
  return SCHEMES.some((scheme) => specifier.startsWith(scheme) && specifier.length > scheme.length) ? specifier : null;
}
