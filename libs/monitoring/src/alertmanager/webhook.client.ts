import { randomBytes } from 'node:crypto';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { json } from 'node:stream/consumers';
import { alertsOfMessage, type Alert } from './alert';

export interface Webhook {
  readonly url: string;
  close(): Promise<void>;
}

/** Listens on loopback for what Alertmanager tells. Its path is a secret, so that no other program of the machine is believed. */
export async function startWebhook(onAlert: (alert: Alert) => void): Promise<Webhook> {
  const path = `/${randomBytes(16).toString('hex')}`;
  const server = createServer((request, response) => {
    const answer = (status: number) => response.writeHead(status).end();
    if (request.method !== 'POST' || request.url !== path) return answer(404);
    json(request)
      .then((body) => alertsOfMessage(body).forEach(onAlert))
      // Alertmanager logs the refusal and does not try again.
      .then(() => answer(204), () => answer(400));
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(0, '127.0.0.1', resolve);
  });
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}${path}`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
