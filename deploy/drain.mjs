// Before a container is ended: has its service, process 1 or its child, take no more work, and waits until it has finished what it has.
import { readdirSync, readFileSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';

const port = process.env.GRANARY_HTTP_PORT || '8080';
const phase = async () => {
  const answer = await fetch(`http://127.0.0.1:${port}/health/status`, { signal: AbortSignal.timeout(2_500) });
  return (await answer.json()).phase.state;
};

try {
  for (const pid of readdirSync('/proc').filter((name) => /^\d+$/.test(name) && isService(name))) process.kill(Number(pid), 'SIGUSR2');
  // The engine sets the limit: when the grace period is over it ends everybody.
  while ((await phase()) !== 'drained') await delay(500);
} catch (error) {
  // A service that cannot be drained is stopped like any other.
  process.stderr.write(`${error.message}\n`);
}

function isService(pid) {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0').some((word) => /services\/[\w-]+\/dist\/main\.js$/.test(word));
  } catch {
    // It has ended meanwhile.
    return false;
  }
}
