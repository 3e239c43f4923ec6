import { createServer, type AddressInfo, type Server } from 'node:net';

/** `count` different TCP ports that are free on loopback at this moment. Another program may still take one before it is used. */
export async function freePorts(count: number): Promise<number[]> {
  // All are held open together, so that the system cannot hand out the same one twice.
  const held = await Promise.all(Array.from({ length: count }, () => listen()));
  const ports = held.map((server) => (server.address() as AddressInfo).port);
  await Promise.all(held.map(close));
  return ports;
}

export async function freePort(): Promise<number> {
  const [port] = await freePorts(1);
  return port as number;
}

/** A port, when it is free on loopback at this moment, else any that is; 0 for any. */
export async function portNear(wanted: number): Promise<number> {
  if (wanted === 0) return freePort();
  const server = await listen(wanted).catch(() => null);
  if (!server) return freePort();
  await close(server);
  return wanted;
}

const listen = (port = 0) =>
  new Promise<Server>((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen(port, '127.0.0.1', () => resolve(server));
  });

const close = (server: Server) => new Promise<void>((resolve) => server.close(() => resolve()));
