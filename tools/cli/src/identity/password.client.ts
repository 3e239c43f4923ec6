import type { Call } from '../shell/command';
import { usageFault } from '../shell/problem';

/** A password from the variable, else typed unseen. It is never an argument, which everybody on the machine could read. */
export async function readPassword({ shell, json }: Call, variable: string, question: string): Promise<string> {
  const given = shell.env[variable];
  if (given) return given;
  const typed = json ? null : await shell.askSecret(question);
  if (typed) return typed;
  throw usageFault(`${question.replace(/:? *$/, '')} is missing: type it when asked, or set ${variable}.`);
}

/** A new one; who types it, types it twice. */
export async function readNewPassword(call: Call, variable: string, whose: string): Promise<string> {
  if (call.shell.env[variable]) return readPassword(call, variable, `New password of ${whose}: `);
  const first = await readPassword(call, variable, `New password of ${whose}: `);
  const again = await readPassword(call, variable, 'The same again: ');
  if (first === again) return first;
  throw usageFault('The two are not the same; nothing was done.');
}
