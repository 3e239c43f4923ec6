import { hasBech32, hasCrc16, hasCrc62 } from '../checksum';
import type { Candidate, Verdict } from '../rule';

/** Tokens of GitHub, npm and Granary: prefix, random characters, checksum. One that was typed instead of issued fails. */
export function crc62Token({ value }: Candidate): Verdict {
  return hasCrc62(value.slice(value.indexOf('_') + 1)) ? 'secret' : 'example';
}

/** An identity of age: Bech32 with its checksum. */
export function bech32Token({ value }: Candidate): Verdict {
  return hasBech32(value) ? 'secret' : 'example';
}

/** A seed of an NKey, as NATS and wasmCloud use them: Base32 with a CRC-16 at its end. */
export function nkeySeed({ value }: Candidate): Verdict {
  return hasCrc16(value) ? 'secret' : 'example';
}

/** The secret of a captcha service; the key of its site has the same form, and is public. */
export function captchaSecret(candidate: Candidate): Verdict {
  return /site|public|pub_/i.test(candidate.match[0]) ? 'no' : mixedToken(candidate);
}

/** Digits and letters both, as issued tokens have them; words and plain numbers are none. */
export function mixedToken({ value }: Candidate): Verdict {
  return /\d/.test(value) && /[A-Za-z]/.test(value) ? 'secret' : 'no';
}

/** A hexadecimal value that is no common digest's name beside it: `sha1: …` and `commit …` are none. */
export function hexKey(candidate: Candidate): Verdict {
  const { value, match, text } = candidate;
  const before = text.slice(Math.max(0, match.index - 24), match.index) + match[0].slice(0, match[0].lastIndexOf(value));
  return /(?:sha\d*|md5|commit|digest|hash|integrity|etag|checksum)["'\s:=@-]*$/i.test(before) ? 'no' : mixedToken(candidate);
}
