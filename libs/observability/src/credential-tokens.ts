// Credentials that are known by themselves, whatever stands before them: their issuers gave them a beginning of their own.

/** Beginnings of keys and tokens, each with what follows. Matched with case; the beginning is at a word's. */
const BEGINNINGS: readonly string[] = [
  // Source code and packages
  'gh[pousr]_[A-Za-z0-9]{16,255}', 'github_pat_\\w{16,255}', 'gl(?:pat|dt|rt|cbt|ptt|ft|soat|imt|agent|oas|ffct)-[\\w.-]{16,300}', 'GR1348941[\\w-]{16,64}', 'ATBB[A-Za-z0-9]{24,64}', 'ATATT3x[\\w=-]{40,300}', 'npm_[A-Za-z0-9]{16,64}', 'pypi-Ag[\\w-]{30,300}', 'rubygems_[a-f0-9]{32,64}',
  'oy2[a-z0-9]{43}', 'CLOJARS_[a-z0-9]{40,80}', 'dckr_(?:pat|oat)_[\\w-]{20,64}', 'CCIPAT_\\w{20,100}', 'bku[at]_[a-z0-9]{30,64}', 'cio[A-Za-z0-9]{32}',
  // Models
  'sk-[\\w-]{16,300}', 'hf_[A-Za-z]{30,64}', 'gsk_[A-Za-z0-9]{40,64}', 'r8_[A-Za-z0-9]{30,64}', 'xai-[A-Za-z0-9]{60,120}', 'pplx-[A-Za-z0-9]{40,64}', 'nvapi-[\\w-]{50,100}', 'pcsk_\\w{40,120}',
  // Clouds
  '(?:AKIA|ASIA|ABIA|ACCA)[A-Z0-9]{16}', 'AIza[\\w-]{35}', 'ya29\\.[\\w-]{20,500}', 'GOCSPX-[\\w-]{24,40}', '1//0[\\w-]{38,120}', 'LTAI[A-Za-z0-9]{16,24}', 'AKID[A-Za-z0-9]{32}', 'do[opr]_v1_[a-f0-9]{64}', 'HRKU-[\\w-]{30,80}', 'FlyV1 fm\\d_[\\w+/=,-]{40,900}', 'fo1_[\\w-]{43}', 'nfp_[A-Za-z0-9]{36,48}',
  'tskey-[a-z]{3,12}-[\\w-]{16,80}', 'dapi[a-f0-9]{32}', 'pscale_(?:tkn|pw|oauth)_[\\w.-]{30,64}', 'sbp_[a-f0-9]{40}', 'tfp_[\\w-]{40,64}', 't1\\.[A-Z0-9a-z_-]{60,900}={0,2}', 'SCW[A-Z0-9]{17}',
  // Vaults
  'hv[sbr]\\.[\\w-]{20,300}', '[A-Za-z0-9]{14}\\.atlasv1\\.[\\w=-]{40,80}', 'dp\\.(?:pt|st|ct|sa|scim|audit)\\.[\\w.-]{30,80}', 'ops_eyJ[\\w-]{40,900}', 'A3-[A-Z0-9]{6}-[A-Z0-9]{6,11}-[A-Z0-9-]{15,40}', 'pul-[a-f0-9]{40}', 'AGE-SECRET-KEY-1[A-Z0-9]{50,64}',
  // Money
  '[srp]k_(?:live|test|org_live)_[A-Za-z0-9]{16,250}', 'whsec_[A-Za-z0-9+/=]{24,90}', 'sq0(?:atp|csp)-[\\w-]{22,43}', 'shp(?:at|ca|pa|ss)_[a-fA-F0-9]{32}', 'FLWSECK(?:_LIVE)?-[a-f0-9]{32}-X', 'EZ[AT]K[A-Za-z0-9]{54}', 'shippo_(?:live|test)_[a-f0-9]{40}', 'duffel_(?:live|test)_[\\w=-]{43}', 'rzp_live_[A-Za-z0-9]{14}', 'access-(?:production|development|sandbox)-[a-f0-9-]{36}',
  // Talk and mail
  'xox[a-z](?:\\.xox[bp])?-[\\w-]{16,300}', 'xapp-\\d-[\\w-]{40,200}', 'SG\\.[\\w-]{16,32}\\.[\\w-]{32,64}', 'key-[a-f0-9]{32}', '[a-f0-9]{32}-us\\d{1,2}', 'xkeysib-[a-f0-9]{64}-\\w{16}', 'xsmtpsib-[a-f0-9]{64}-\\w{16}', 're_[A-Za-z0-9]{8}_[A-Za-z0-9]{24}', '\\d{8,11}:AA[\\w-]{33}', 'SK[a-f0-9]{32}', 'EAA[A-Z][A-Za-z0-9]{60,300}', 'pat-[a-z]{2}\\d-[a-f0-9-]{36}',
  // Work and watch
  'glsa_[A-Za-z0-9]{32}_[a-f0-9]{8}', 'glc_[A-Za-z0-9+/=]{30,400}', 'sntry[su]_[\\w+/=-]{30,300}', 'NRAK-[A-Z0-9]{27}', 'NRII-[\\w-]{32}', 'dt0[a-z]\\d{2}\\.[A-Z0-9]{24}\\.[A-Z0-9]{64}', 'PMAK-[a-f0-9]{24}-[a-f0-9]{34}', 'lin_(?:api|oauth)_[A-Za-z0-9]{32,64}', 'ntn_[A-Za-z0-9]{40,50}', 'secret_[A-Za-z0-9]{43}', 'figd_[\\w-]{40,64}', 'CFPAT-[\\w-]{43}', 'rdme_[a-z0-9]{70}', 'AKC[a-zA-Z0-9]{60,80}', 'cmVmd[A-Za-z0-9]{59}',
];

/** Whole, each as `[expression, what stays]`. */
export const TOKENS: readonly (readonly [RegExp, string])[] = [
  // The first part of an address may lead up to it, as its last word.
  [new RegExp(`(?<![A-Za-z0-9])(?:${BEGINNINGS.join('|')})`, 'g'), '[redacted]'],
  // JSON Web Tokens, signed (RFC 7515) and encrypted (RFC 7516), also cut off behind their claims.
  [/\beyJ[\w-]{8,}\.(?:[\w-]{8,}\.[\w-]*(?:\.[\w-]*){0,2}|eyJ[\w-]{8,})/g, '[redacted]'],
  // Our own: API keys keep their public id, refresh tokens the session that they belong to.
  [/\b(granr?_[0-9A-Za-z]{16,32}_)[0-9A-Za-z]{16,}/g, '$1[redacted]'],
  [/(hooks\.slack\.com\/(?:services|workflows|triggers)\/)[\w/-]{8,200}/g, '$1[redacted]'],
  [/(\/api\/webhooks\/\d{6,24}\/)[\w-]{20,120}/g, '$1[redacted]'],
  [/(\bwebhook\.office\.com\/webhookb2\/)[^\s"'<>]{8,400}/g, '$1[redacted]'],
  // Passwords that were hashed: PHC strings, crypt(3), and what PostgreSQL stores.
  [/\$(?:argon2(?:id|i|d)|scrypt|pbkdf2[\w-]{0,20}|2[abxy]|[156y7]|apr1)\$[^\s"'`:;]{20,512}/g, '[redacted]'],
  [/\bSCRAM-SHA-256\$[^\s"'`;]{20,400}/g, '[redacted]'],
];

/** A cheap look first: sixteen characters in a row that are not a number, a digest or a UUID, nor letters alone. */
export const TOKEN_HINT = /(?<![\w-])(?=[a-fA-F\d-]*[g-zG-Z_])(?=[A-Za-z]*[\d_-])[\w-]{16,}|A[KS]IA[A-Z]{16}|\$[\w-]{1,20}\$|hooks\.slack|webhook|SCRAM-/;
