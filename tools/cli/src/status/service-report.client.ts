import type { PlatformFile } from '@granary/embedded';
import { reportOf, type ServiceReport } from './service-report';

const PATIENCE_MS = 3_000;

/** Asks every service of a platform how it does; one that does not answer is reported as away. */
export async function reportServices({ services }: PlatformFile): Promise<ServiceReport[]> {
  return Promise.all(Object.entries(services).map(async ([name, { pid, restarts, url }]) => {
    const [status, metrics] = await Promise.all([read(`${url}/health/status`), read(`${url}/metrics`)]);
    return reportOf({ name, pid, restarts }, parsed(status), metrics);
  }));
}

// A service that is unhealthy answers 503 with the same body, so the status code does not matter.
async function read(url: string): Promise<string | null> {
  try {
    const response = await fetch(url, { signal: AbortSignal.timeout(PATIENCE_MS) });
    return await response.text();
  } catch {
    return null;
  }
}

function parsed(text: string | null): unknown {
  try {
    return text === null ? null : JSON.parse(text);
  } catch {
    return null;
  }
}
