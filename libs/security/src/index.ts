export { decodeBase64url, encodeBase64url } from './base64url';
export type { Refusal } from './refusal';

export { PLATFORM_TENANT, isTenant, isTenantName } from './tenant';
export { PERMISSIONS, checkScope, isOfARepository, isOfThePlatform, isPermission } from './permission';
export type { CheckedScope, Permission } from './permission';
export { ROLES, isRole, roleHas } from './role';
export type { Role } from './role';
export { MOST_REPOSITORIES, checkGrants, isOwner } from './grant';
export type { CheckedGrants, Grant } from './grant';
export { may, permissionsOf, repositoriesFor } from './access';
export type { Access } from './access';
export { whyNotGrant, whyNotIssueKey, whyNotManage } from './delegation';
export type { Actor } from './delegation';

export { AUDIENCE, LEEWAY_SECONDS, TOKEN_SECONDS, mayCall } from './access-claims';
export type { AccessClaims, PrincipalKind } from './access-claims';
export { issueAccessToken } from './issue-token';
export type { IssuedToken, TokenOrder, TokenSubject } from './issue-token';
export { LARGEST_TOKEN, refusalSince, verifyAccessToken } from './verify-token';
export type { AcceptedToken, TokenVerdict } from './verify-token';
export { createTokenVerifier } from './remember-tokens';
export { TOKEN_REFUSALS } from './token-refusal';
export type { TokenRefusal, TokenRefusalCode } from './token-refusal';
export { TRUST_LIFE, openTrust } from './trust';
export type { Trust, TrustDocument } from './trust';

export { thumbprint } from './jwk';
export type { PrivateJwk, PublicJwk } from './jwk';
export { generateSigningKey, jwksOf, openSigner } from './signing-key';
export type { Signer } from './signing-key';
export { ROTATION, rotate } from './rotate';
export type { KeyLife, KeyStep, RotationPolicy } from './rotate';

export { hashSecret, randomBase62, secretMatches } from './opaque-secret';
export type { Random } from './opaque-secret';
export { seal, unseal } from './seal';
export { keyFile } from './key-file.store';
export { issueAuthority, issueCertificate } from './certificate/certificate';
export type { CertificateOrder, Certified } from './certificate/certificate';
export { makeApiKey, parseApiKey } from './api-key';
export type { MadeApiKey } from './api-key';

export { LONGEST_PASSWORD, SHORTEST_PASSWORD, whyNotPassword } from './password-rules';
export { ARGON2ID, createPasswords } from './passwords';
export type { Passwords, PasswordsOptions } from './passwords';
export type { Argon2Cost } from './phc';
