// Private keys and certificates as they stand in files: long, over many lines, or with their line ends written as `\n`.

const MASK = '[redacted]';

/**
 * Each ends at its own end, at a quote, or with the text: what was cut short is no less secret. Public keys are made to
 * be shown and stay; so would certificates, but bundles mix them with keys, and a log has no use for either.
 */
export const BLOCKS: readonly (readonly [RegExp, string])[] = [
  // RFC 7468, OpenSSH, OpenPGP (RFC 9580).
  [/-----BEGIN ([A-Z0-9 ]{0,30}(?:PRIVATE KEY(?: BLOCK)?|CERTIFICATE(?: REQUEST)?|PKCS7))-----[^"'`]*?(?:-----END \1-----|(?=["'`]|$(?![^])))/g, MASK],
  [/---- BEGIN SSH2 ENCRYPTED PRIVATE KEY ----[^"'`]*?(?:---- END SSH2 ENCRYPTED PRIVATE KEY ----|(?=["'`]|$(?![^])))/g, MASK],
  // PuTTY's own form.
  [/(Private-Lines: \d{1,4})(?:\s|\\[rn])[A-Za-z0-9+/=\s\\]*(?=Private-|["'`]|$(?![^]))/g, `$1 ${MASK} `],
  [/(Private-(?:MAC|Hash): )[a-f0-9]{20,128}/g, `$1${MASK}`],
  // The same without a head: the beginnings of DER (PKCS #1, PKCS #8, SEC 1, X.509) and of OpenSSH, in Base64.
  [/(?<![\w+/])(?:MII[A-Za-z0-9+/]{3}(?:IBA(?:AK|DA)|CC[A-Za-z0-9+/]{3}gAwIBAg)|MI[GH][A-Za-z0-9+/]{2,3}AgE[AB]|MC4CAQAwBQYDK2Vw|MFECAQEwBQYDK2Vw|MHcCAQEE|MIGkAgEBBD|b3BlbnNzaC1rZXktdjE)(?:[A-Za-z0-9+/]|\\[rn]|\s){20,16384}={0,2}/g, MASK],
  // NATS credentials.
  [/-----BEGIN USER NKEY SEED-----[^"'`]*?(?:------END USER NKEY SEED------|(?=["'`]|$(?![^])))/g, MASK],
];

export const BLOCK_HINT = /PRIVATE KEY|BEGIN [A-Z0-9 ]{0,30}(?:CERTIFICATE|PKCS7)|MII[A-Za-z0-9+/]{3}CC|NKEY SEED|Private-(?:Lines|MAC|Hash)|MI[GHI][A-Za-z0-9+/]{2,4}(?:IB|Ag)|MC4CAQ|MFECAQ|MHcCAQ|b3BlbnNzaC1rZXkt/;
