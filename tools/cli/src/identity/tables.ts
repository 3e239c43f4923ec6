import type { ApiKey, AuthIdentityShowResponse, Principal, Session, Tenant } from '@granary/contracts';
import { formatAgo } from '../shell/format';
import { printable, type Style } from '../shell/style';
import { type Column, renderFacts, renderTable } from '../shell/table';
import { formatGrants } from './grants';

export function renderPrincipals(principals: readonly Principal[], now: Date, style: Style): string {
  const columns: Column<Principal>[] = [
    { title: 'name', value: ({ name }) => name, paint: style.bold },
    { title: 'kind', value: ({ kind }) => kind },
    { title: 'state', value: ({ state }) => state, paint: (text, { state }) => (state === 'disabled' ? style.warn(text) : text) },
    { title: 'roles', value: ({ grants }) => formatGrants(grants) },
    { title: 'last seen', value: ({ lastSeenAt }) => formatAgo(lastSeenAt, now) },
    { title: 'id', value: ({ principalId }) => principalId, paint: style.dim },
  ];
  return renderTable(principals, columns, style, 'No principals.');
}

export function renderKeys(keys: readonly ApiKey[], now: Date, style: Style): string {
  const columns: Column<ApiKey>[] = [
    { title: 'id', value: ({ keyId }) => keyId, paint: style.bold },
    { title: 'name', value: ({ name }) => name },
    { title: 'state', value: ({ state }) => state, paint: (text, { state }) => (state === 'active' ? text : style.warn(text)) },
    { title: 'scope', value: ({ scope }) => scope?.join(', ') ?? 'all of its owner' },
    { title: 'issued', value: ({ createdAt }) => formatAgo(createdAt, now) },
    { title: 'expires', value: ({ expiresAt }) => expiresAt ?? 'never' },
    { title: 'last used', value: ({ lastUsedAt }) => formatAgo(lastUsedAt, now) },
    { title: 'owner', value: ({ principalId }) => principalId, paint: style.dim },
  ];
  return renderTable(keys, columns, style, 'No API keys.');
}

export function renderSessions(sessions: readonly Session[], now: Date, style: Style): string {
  const columns: Column<Session>[] = [
    { title: 'session', value: ({ sid }) => sid, paint: style.bold },
    { title: 'logged in', value: ({ createdAt }) => formatAgo(createdAt, now) },
    { title: 'last refreshed', value: ({ lastUsedAt }) => formatAgo(lastUsedAt, now) },
    { title: 'ends at the latest', value: ({ refreshUntil }) => refreshUntil },
    { title: 'owner', value: ({ principalId }) => principalId, paint: style.dim },
  ];
  return renderTable(sessions, columns, style, 'No sessions.');
}

export function renderTenants(tenants: readonly Tenant[], now: Date, style: Style): string {
  const columns: Column<Tenant>[] = [
    { title: 'tenant', value: ({ tenant }) => tenant, paint: style.bold },
    { title: 'name', value: ({ name }) => name },
    { title: 'created', value: ({ createdAt }) => formatAgo(createdAt, now) },
  ];
  return renderTable(tenants, columns, style, 'No tenants.');
}

/** @param from where the right to call comes from */
export function renderIdentity({ principal, grants, permissions, scope, expiresAt }: AuthIdentityShowResponse, from: string, style: Style): string {
  return renderFacts(
    [
      ['name', style.bold(printable(principal.name))],
      ['tenant', principal.tenant],
      ['kind', principal.kind],
      ['id', principal.principalId],
      ['roles', formatGrants(grants)],
      ['may', permissions.join(', ') || 'nothing'],
      ['narrowed to', scope?.join(', ')],
      ['by', from],
      ['token until', expiresAt],
    ],
    style,
  );
}
