// An authority of the platform's own, and what it issues to its servers. Pure: keys and times in, PEM out.
import security from '@granary/security';

const { issueAuthority, issueCertificate } = security;

const DAY_MS = 86_400_000;
const AUTHORITY_DAYS = 3_650;
const SERVER_DAYS = 365;
/** One that ends sooner is issued anew: the alert CertificateNearEnd comes two weeks before. */
const RENEW_DAYS = 90;

/**
 * The authority and a certificate for each server: those that are known as long as they last and are for the same names, new ones otherwise.
 * @typedef {{ certificate: string, key: string }} Certified PEM
 * @typedef {Certified & { hosts: readonly string[], notAfter: string }} Issued
 * @param {{ authority?: Issued, servers?: Record<string, Issued> }} known
 * @param {Record<string, readonly string[]>} hostsOf the names by which each server is reached
 * @param {{ now: Date, newKey: () => string, newSerial: () => Uint8Array }} options `newKey`: PEM of a private key on P-256
 * @returns {{ authority: Issued, servers: Record<string, Issued> }}
 */
export function completeCertificates(known, hostsOf, { now, newKey, newSerial }) {
  const order = (name, days) => ({ name, key: newKey(), serial: newSerial(), notBefore: new Date(now.getTime() - DAY_MS), notAfter: new Date(Math.floor(now.getTime() / 1_000) * 1_000 + days * DAY_MS) });
  const lasts = (issued, days) => issued !== undefined && Date.parse(issued.notAfter) - now.getTime() > days * DAY_MS;
  const keep = (hosts, { notAfter, ...rest }, issue) => ({ ...issue({ notAfter, ...rest }), hosts, notAfter: notAfter.toISOString() });

  // What it issued is worth nothing without it.
  const stays = lasts(known.authority, SERVER_DAYS + RENEW_DAYS);
  const authority = stays ? known.authority : keep([], order('Granary', AUTHORITY_DAYS), issueAuthority);
  const server = ([name, hosts]) => {
    const issued = known.servers?.[name];
    const same = stays && lasts(issued, RENEW_DAYS) && issued.hosts.join() === hosts.join();
    return [name, same ? issued : keep(hosts, order(name, SERVER_DAYS), (of) => issueCertificate({ authority, hosts, ...of }))];
  };
  return { authority, servers: Object.fromEntries(Object.entries(hostsOf).map(server)) };
}
