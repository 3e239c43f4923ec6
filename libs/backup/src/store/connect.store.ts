import { Fault } from '@granary/faults';
import { Client } from 'pg';

/** Works with one connection that waits as long as it must, and names everything in full. Faults: transient `database-unreachable`. */
export async function withClient<R>(url: string, work: (client: Client) => Promise<R>): Promise<R> {
  const client = new Client({ connectionString: url, connectionTimeoutMillis: 10_000, application_name: 'granary-backup', keepAlive: true, options: '-c search_path= -c statement_timeout=0 -c idle_in_transaction_session_timeout=0' });
  // The statement under way fails by itself.
  client.on('error', () => undefined);
  try {
    await client.connect();
  } catch (cause) {
    throw Fault.transient('database-unreachable', `PostgreSQL at ${client.host}:${client.port} does not let the backup in: ${(cause as Error).message}`, { cause });
  }
  try {
    return await work(client);
  } finally {
    await client.end().catch(() => undefined);
  }
}
