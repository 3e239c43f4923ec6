import { REFUSED, type Setting } from './settings';

export type Environment = Readonly<Record<string, string | undefined>>;
/** The settings of a service by the names under which its code knows them. */
export type ConfigSchema<C extends object> = { readonly [K in keyof C]: Setting<C[K]> };
/** What a schema reads. */
export type ConfigOf<S> = { readonly [K in keyof S]: S[K] extends Setting<infer T> ? T : never };

export type ConfigReading<C> = { readonly ok: true; readonly config: Readonly<C> } | { readonly ok: false; readonly problems: readonly string[] };

/** Reads all settings at once: a frozen object, or every problem there is. A variable set to nothing counts as not set. */
export function readConfig<C extends object>(schema: ConfigSchema<C>, env: Environment): ConfigReading<C> {
  const problems: string[] = [];
  const values = Object.entries(schema as Record<string, Setting<unknown>>).map(([name, setting]) => {
    const raw = env[setting.variable];
    if (raw === undefined || raw.trim() === '') {
      if (setting.absent === null) problems.push(`${setting.variable} is not set: it must be ${setting.allowed}`);
      return [name, setting.absent?.value] as const;
    }
    const value = setting.read(raw);
    if (value === REFUSED) problems.push(`${setting.variable} ${setting.describe(raw)}: it must be ${setting.allowed}`);
    return [name, value] as const;
  });
  return problems.length > 0 ? { ok: false, problems } : { ok: true, config: Object.freeze(Object.fromEntries(values)) as Readonly<C> };
}
