/** The addresses that a nats-server with `ports_file_dir` writes down once it listens. */
export interface NatsPorts {
  readonly port: number;
  readonly monitorPort: number;
}

/** @returns null while the file is not complete */
export function parsePorts(content: string): NatsPorts | null {
  try {
    const { nats, monitoring } = JSON.parse(content) as { nats?: string[]; monitoring?: string[] };
    const [port, monitorPort] = [portOf(nats?.[0]), portOf(monitoring?.[0])];
    return port === null || monitorPort === null ? null : { port, monitorPort };
  } catch {
    return null;
  }
}

function portOf(url: string | undefined): number | null {
  const port = url === undefined ? Number.NaN : Number(new URL(url).port);
  return Number.isInteger(port) && port > 0 ? port : null;
}
