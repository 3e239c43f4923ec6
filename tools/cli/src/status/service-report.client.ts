import type { ReachablePlatform } from '../platform/place';
import { reportOf, type ServiceReport } from './service-report';

// A service waits for 2 s for each thing that it depends on, and a machine in trouble is slow.
const PATIENCE_MS = 8_000;

/** Everything that a service says of itself. */
export interface AskedService {
  report: ServiceReport;
  /** The parsed body of `/health/status`. */
  status: unknown;
  /** The text of `/metrics`. */
  metrics: string | null;
  /** When it was asked for its status, and when it answered; milliseconds since 1970. */
  between: readonly [number, number];
}

/** Asks every service of a platform how it does; one that does not answer is reported as away. */
export async function reportServices(platform: Pick<ReachablePlatform, 'services'>): Promise<ServiceReport[]> {
  return (await askServices(platform, () => new Date())).map(({ report }) => report);
}

/** The same, with all that they answered. Takes 8 s at most, whatever hangs. */
export async function askServices({ services }: Pick<ReachablePlatform, 'services'>, now: () => Date): Promise<AskedService[]> {
  return Promise.all(Object.entries(services).map(async ([name, { pid, restarts, url }]) => {
    const asked = now().getTime();
    const status = readText(`${url}/health/status`).then((text) => ({ text, answered: now().getTime() }));
    const [{ text, answered }, metrics] = await Promise.all([status, readText(`${url}/metrics`)]);
    const body = parsed(text);
    return { report: reportOf({ name, pid, restarts }, body, metrics), status: body, metrics, between: [asked, answered] };
  }));
}

/** What an address answers, whatever its status code: a service that is unhealthy answers 503 with the same body. Null when nothing does in time. */
export async function readText(url: string): Promise<string | null> {
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
