import { Fault } from '@granary/faults';

/** How the other end and the settings for it are called where somebody reads about them. */
export interface TlsWords {
  /** As in a sentence: `the broker`. */
  readonly server: string;
  /** Beginning of the fault's code: `broker`. */
  readonly code: string;
  /** The setting with the address. */
  readonly address: string;
  /** What names the certificates that are believed. */
  readonly ca: string;
  /** What names our own certificate and its key. */
  readonly own: string;
}

const UNKNOWN_ISSUER = ['UNABLE_TO_VERIFY_LEAF_SIGNATURE', 'SELF_SIGNED_CERT_IN_CHAIN', 'DEPTH_ZERO_SELF_SIGNED_CERT', 'UNABLE_TO_GET_ISSUER_CERT', 'UNABLE_TO_GET_ISSUER_CERT_LOCALLY', 'CERT_SIGNATURE_FAILURE', 'CERT_UNTRUSTED', 'INVALID_CA'];

/**
 * What is wrong when two ends do not believe each other, or null when the error is about something else. An end of validity
 * is transient: the server's side mends it without us. The rest is permanent: it lies in the settings, here or there.
 */
export function certificateFault(error: unknown, { server, code, address, ca, own }: TlsWords): Fault | null {
  const cause = tlsError(error);
  if (cause === null) return null;
  const untrusted = (why: string) => Fault.permanent(`${code}-untrusted`, why, { cause: error });
  if (cause.code === 'CERT_HAS_EXPIRED' || cause.code === 'CERT_NOT_YET_VALID') {
    const when = cause.code === 'CERT_HAS_EXPIRED' ? 'is no longer valid' : 'is not valid yet';
    return Fault.transient(`${code}-certificate-time`, `the certificate of ${server} ${when}: renew it there, or set the clock of this machine right`, { cause: error });
  }
  if (cause.code === 'ERR_TLS_CERT_ALTNAME_INVALID') {
    return untrusted(`the certificate of ${server} is for another name than the one in ${address} (${cause.message}): use a name that the certificate has, or have one issued for this name`);
  }
  if (UNKNOWN_ISSUER.includes(cause.code)) {
    return untrusted(`the certificate of ${server} was issued by nobody whom this service believes (${cause.message}): ${ca} has to name the certificate of its authority`);
  }
  if (/ALERT/.test(cause.code)) {
    return untrusted(`${server} did not accept this service's certificate (${cause.message}): ${own} have to name a certificate that the server's authority issued, and its key`);
  }
  return untrusted(`${server} at the address in ${address} does not speak TLS, which the settings ask for: turn TLS on there, or ask for none`);
}

interface TlsError {
  readonly code: string;
  readonly message: string;
}

function tlsError(error: unknown): TlsError | null {
  for (let one = error; one instanceof Error; one = one.cause) {
    const code = 'code' in one && typeof one.code === 'string' ? one.code : '';
    if (/^CERT_|ERR_TLS_CERT|_CERT(_|$)|ALERT|^UNABLE_TO_(VERIFY|GET)|^INVALID_CA$/.test(code)) return { code, message: one.message };
    if (/does not support ('tls'|SSL)/i.test(one.message)) return { code: '', message: one.message };
  }
  return null;
}
