import { createPrivateKey, X509Certificate } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { isIP } from 'node:net';
import type { BaseConfig, DatabaseConfig } from '../config/base-config';

type TlsConfig = Pick<BaseConfig, 'natsUrl' | 'natsCaFile' | 'natsCertificateFile' | 'natsKeyFile'> & Partial<Pick<DatabaseConfig, 'databaseUrl'>>;

/** Everything that is wrong with the settings for TLS and the files they name; empty when they can be used. */
export function tlsProblems({ natsUrl, natsCaFile, natsCertificateFile, natsKeyFile, databaseUrl }: TlsConfig, now: Date): string[] {
  return [
    ...natsUrl.split(',').flatMap(namelessTls),
    ...certificateProblems('GRANARY_NATS_CA_FILE', natsCaFile, now),
    ...ownProblems({ variable: 'GRANARY_NATS_CERTIFICATE_FILE', file: natsCertificateFile }, { variable: 'GRANARY_NATS_KEY_FILE', file: natsKeyFile }, now),
    ...(databaseUrl === undefined ? [] : databaseProblems(new URL(databaseUrl), now)),
  ];
}

// Without a name Node compares the certificate with `localhost`, whatever the address.
function namelessTls(url: string): string[] {
  const { protocol, hostname } = new URL(url);
  return protocol === 'tls:' && isIP(bare(hostname)) > 0 ? [`GRANARY_NATS_URL names ${hostname} by its address: with tls:// it must be a name, which the broker's certificate is checked for`] : [];
}

function databaseProblems({ hostname, searchParams }: URL, now: Date): string[] {
  const parameter = (name: string) => searchParams.get(name) ?? undefined;
  const mode = parameter('sslmode');
  const files = ['sslrootcert', 'sslcert', 'sslkey'].some((name) => searchParams.has(name));
  const problems: string[] = [];
  // The driver can neither fall back to a connection without TLS nor trust half of a certificate.
  if (mode !== undefined && mode !== 'disable' && mode !== 'verify-full') problems.push(`GRANARY_DATABASE_URL has sslmode=${mode}: it must be verify-full, or disable`);
  if (files && mode !== 'verify-full') problems.push('GRANARY_DATABASE_URL names certificates: it must also have sslmode=verify-full');
  if (mode === 'verify-full' && isIP(bare(hostname)) > 0) problems.push(`GRANARY_DATABASE_URL names ${hostname} by its address: with sslmode=verify-full it must be a name, which PostgreSQL's certificate is checked for`);
  return [
    ...problems,
    ...certificateProblems('sslrootcert of GRANARY_DATABASE_URL', parameter('sslrootcert'), now),
    ...ownProblems({ variable: 'sslcert of GRANARY_DATABASE_URL', file: parameter('sslcert') }, { variable: 'sslkey of GRANARY_DATABASE_URL', file: parameter('sslkey') }, now),
  ];
}

interface Named {
  readonly variable: string;
  readonly file: string | undefined;
}

function ownProblems(certificate: Named, key: Named, now: Date): string[] {
  if (certificate.file === undefined && key.file === undefined) return [];
  if (certificate.file === undefined || key.file === undefined) {
    const [given, missing] = certificate.file === undefined ? [key, certificate] : [certificate, key];
    return [`${given.variable} is set and ${missing.variable} is not: a certificate and its key belong together`];
  }
  const problems = [...certificateProblems(certificate.variable, certificate.file, now), ...fileProblems(key, (pem) => createPrivateKey(pem), 'a private key (PEM)')];
  if (problems.length > 0) return problems;
  const fits = new X509Certificate(readFileSync(certificate.file)).checkPrivateKey(createPrivateKey(readFileSync(key.file)));
  return fits ? [] : [`${key.variable} names ${key.file}, which is not the key of the certificate in ${certificate.file}`];
}

function certificateProblems(variable: string, file: string | undefined, now: Date): string[] {
  return fileProblems({ variable, file }, (pem) => new X509Certificate(pem), 'a certificate (PEM)', ({ validTo }) => (new Date(validTo) < now ? `holds a certificate that ended on ${new Date(validTo).toISOString()}: renew it` : null));
}

function fileProblems<T>({ variable, file }: Named, parse: (content: Buffer) => T, what: string, judge: (value: T) => string | null = () => null): string[] {
  if (file === undefined) return [];
  try {
    const problem = judge(parse(readFileSync(file)));
    return problem === null ? [] : [`${variable} names ${file}, which ${problem}`];
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code ?? '';
    const why = code === 'ENOENT' ? 'is not there' : code === 'EACCES' ? 'this user may not read' : `is not ${what}`;
    return [`${variable} names ${file}, which ${why}`];
  }
}

const bare = (hostname: string) => hostname.replace(/^\[|\]$/g, '');
