import { X509Certificate } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { createGauge, type Logger, type Metrics } from '@granary/observability';
import type { BaseConfig, DatabaseConfig } from '../config/base-config';
import { readPeerExpiry, type Peer } from './peer-certificate.client';

export interface CertificatesOptions {
  readonly config: Pick<BaseConfig, 'natsUrl' | 'natsCertificateFile'> & Partial<Pick<DatabaseConfig, 'databaseUrl'>>;
  readonly metrics: Metrics;
  readonly log: Logger;
}

export interface Certificates {
  stop(): Promise<void>;
}

/** Days pass before an end matters, and a renewed certificate is seen within the hour. */
const LOOK_MS = 3_600_000;
/** As long as a server has not answered yet. */
const SOON_MS = 10_000;

/**
 * Watches when the certificates end that this service meets and shows. Only those there are become series: one that stood
 * at 0 would look as if it had ended in 1970.
 */
export function watchCertificates({ config, metrics, log }: CertificatesOptions): Certificates {
  const gauge = createGauge(metrics, { name: 'granary_certificate_expires_timestamp_seconds', help: 'When the certificate of the broker or database, or of this service itself (client), ends, in seconds since 1970; a series only where TLS is used', labels: { certificate: [] } });
  const watched = certificatesOf(config);
  if (watched.length === 0) return { stop: () => Promise.resolve() };
  let timer: NodeJS.Timeout | undefined;
  let stopped = false;
  const look = async () => {
    const seen = await Promise.all(
      watched.map(async ({ certificate, read }) => {
        const end = await read().catch((error: unknown) => (log.debug({ err: error, certificate }, 'the end of a certificate could not be read'), null));
        if (end !== null) gauge.set({ certificate }, end.getTime() / 1_000);
        return end !== null;
      }),
    );
    if (!stopped) timer = setTimeout(() => void look(), seen.every(Boolean) ? LOOK_MS : SOON_MS).unref();
  };
  const first = look();
  return {
    async stop() {
      stopped = true;
      clearTimeout(timer);
      await first;
    },
  };
}

interface Watched {
  readonly certificate: 'broker' | 'database' | 'client';
  /** The end that comes first; null while unknown. */
  read(): Promise<Date | null>;
}

function certificatesOf({ natsUrl, natsCertificateFile: own, databaseUrl }: CertificatesOptions['config']): Watched[] {
  const servers = natsUrl.split(',').map((url) => new URL(url)).filter(({ protocol }) => protocol === 'tls:');
  const database = databaseUrl === undefined ? null : new URL(databaseUrl);
  const ownFiles = [own, database?.searchParams.get('sslcert')].filter((file): file is string => typeof file === 'string');
  return [
    ...(servers.length === 0 ? [] : [{ certificate: 'broker' as const, read: () => earliest(servers.map((url) => readPeerExpiry(peerOf(url, 'nats', 4222)))) }]),
    ...(database?.searchParams.get('sslmode') === 'verify-full' ? [{ certificate: 'database' as const, read: () => readPeerExpiry(peerOf(database, 'postgres', 5432)) }] : []),
    ...(ownFiles.length === 0 ? [] : [{ certificate: 'client' as const, read: () => earliest(ownFiles.map(async (file) => new Date(new X509Certificate(readFileSync(file)).validTo))) }]),
  ];
}

const peerOf = ({ hostname, port }: URL, protocol: Peer['protocol'], usual: number): Peer => ({ host: hostname, port: Number(port || usual), protocol });

/** Of those that can be read. */
async function earliest(ends: readonly Promise<Date | null>[]): Promise<Date | null> {
  const read = (await Promise.allSettled(ends)).flatMap((end) => (end.status === 'fulfilled' && end.value !== null ? [end.value.getTime()] : []));
  return read.length === 0 ? null : new Date(Math.min(...read));
}
