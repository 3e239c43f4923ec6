// Calls one operation of the platform as the operator and prints the answer:
//   docker compose run --rm operator harvester.repository.add '{"location":"https://github.com/nodejs/undici.git"}'
import client from '@granary/client';
import contracts from '@granary/contracts';

const [operation, request = '{}'] = process.argv.slice(2);
const { GRANARY_NATS_URL: url, GRANARY_NATS_USER: user, GRANARY_NATS_PASSWORD: password, GRANARY_TENANT: tenant = 'default' } = process.env;

if (!url || !user || !password) fail('GRANARY_NATS_URL, GRANARY_NATS_USER and GRANARY_NATS_PASSWORD say how to reach the broker; at least one is not set');
const allowed = contracts.accessDocuments.operator.calls;
if (!allowed.includes(operation)) fail(`${operation === undefined ? 'say which operation to call' : `there is no operation '${operation}' for the operator`}:\n  ${allowed.join('\n  ')}`);

const connection = await client.connectClient({ url, tls: client.brokerTls(process.env), user, password, tenant }).catch((error) => fail(error.message));
try {
  process.stdout.write(`${JSON.stringify(await connection.call(operation, parse(request)), null, 2)}\n`);
} catch (error) {
  process.stderr.write(`${operation}: ${error.message}\n`);
  process.exitCode = 1;
} finally {
  await connection.close();
}

function parse(text) {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new Error(`the request is not JSON (${error.message}); put it into single quotes`);
  }
}

function fail(message) {
  process.stderr.write(`${message}\n`);
  process.exit(1);
}
