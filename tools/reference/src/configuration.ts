import type { Setting } from '@granary/service-host';
import { code, MADE_BY, table } from './markdown.ts';

export interface ServiceSettings {
  readonly service: string;
  readonly settings: readonly Setting<unknown>[];
}

export interface ToolVariable {
  readonly variable: string;
  readonly about: string;
}

export interface Configuration {
  /** What every service reads. */
  readonly base: readonly Setting<unknown>[];
  /** What services with a database read besides. */
  readonly database: readonly Setting<unknown>[];
  readonly services: readonly ServiceSettings[];
  /** What the command line and the start of a platform read. */
  readonly tools: readonly ToolVariable[];
}

/** docs/reference/configuration.md, made of the settings as services read them. */
export function configurationText({ base, database, services, tools }: Configuration): string {
  return `${MADE_BY}
# Configuration

Every environment variable that something of Granary reads. A service reads its own once, when it starts; all that is wrong is said together, and it ends with exit code 78. A variable that is set to nothing counts as not set. Times are written with their unit (\`250ms\`, \`30s\`, \`5m\`, \`2h\`, \`7d\`), sizes, too (\`500MB\`, \`512MiB\`).

\`granary up\`, and so \`npm start\`, starts every service with the variables that it was given itself, and sets the addresses and credentials of broker and database, unless these are somebody else's.

## Every service

${settingsTable(base)}

## Every service with a database

All but \`gateway\`.

${settingsTable(database)}

${services.map(({ service, settings }) => `## ${service}\n\n${settings.length === 0 ? 'Nothing of its own.' : settingsTable(settings)}`).join('\n\n')}

## The command line and the start of a platform

Beside what is passed on to the services.

${table(['variable', 'meaning'], [...tools].sort((one, other) => (one.variable < other.variable ? -1 : 1)).map(({ variable, about }) => [code(variable), about]))}
`;
}

function settingsTable(settings: readonly Setting<unknown>[]): string {
  return table(
    ['variable', 'what it has to be', 'default', 'meaning'],
    settings.map((setting) => [code(setting.variable), `${setting.allowed}${setting.secret ? '; never shown' : ''}`, defaultOf(setting), setting.about]),
  );
}

function defaultOf({ fallback, absent }: Setting<unknown>): string {
  if (fallback !== null) return fallback === '' ? 'empty' : code(fallback);
  return absent === null ? 'required' : 'none';
}
