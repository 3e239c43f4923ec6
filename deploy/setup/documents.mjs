// What the servers and services are told about each other, as text. Pure: passwords in, files out.
import embedded from '@granary/embedded';

const { natsIdentities, natsPublishers, natsUsers, publisherAccount, publisherUser, renderNatsConfig, roleOf } = embedded;

/** The system account's user; the broker's monitoring page needs none, because it listens inside of the container only. */
const MONITOR = 'monitor';
export const DATABASE = 'granary';
const ADMINISTRATOR = 'admin';
const AUTHORITY_FILE = 'ca.pem';
const SERVER_FILES = { certificate: 'server.pem', key: 'server.key' };

/**
 * Every secret there has to be, each made anew unless it is known already.
 * @param {Readonly<Record<string, import('@granary/contracts').AccessDocument>>} documents
 * @param {{ nats?: Record<string, string>, postgres?: Record<string, string>, publishers?: Record<string, string>, auth?: Record<string, string> }} known
 * @param {{ newSecret: () => string, newKey: () => string }} make passwords, and API keys
 * @param {readonly import('@granary/embedded').Publisher[]} publishers
 */
export function completeSecrets(documents, known, { newSecret, newKey }, publishers = []) {
  const complete = (names, some = {}) => Object.fromEntries(names.map((name) => [name, some[name] ?? newSecret()]));
  return {
    nats: complete([...natsIdentities(documents), MONITOR], known.nats),
    postgres: complete([...servicesOf(documents), 'postgres'], known.postgres),
    // Of those who are not listed any more, too: they are the same should they come back.
    publishers: { ...known.publishers, ...complete(publishers.map(publisherUser), known.publishers) },
    // Of whom the first start makes: without them nobody could log in.
    auth: { adminPassword: known.auth?.adminPassword ?? newSecret(), key: known.auth?.key ?? newKey(), platformKey: known.auth?.platformKey ?? newKey() },
  };
}

/** The identities that are services: they get a role and a schema. */
export const servicesOf = (documents) => Object.keys(documents).filter((identity) => identity !== 'operator' && identity !== 'provisioner');

/**
 * The files of each place, by place and name. A place is mounted into the containers that need it, and into no other.
 * @param {object} options
 * @param {Readonly<Record<string, import('@granary/contracts').AccessDocument>>} options.documents
 * @param {ReturnType<typeof completeSecrets>} options.secrets
 * @param {string} options.natsUrl
 * @param {string} options.postgresAddress host and port
 * @param {string} options.natsFolder where the broker keeps its data
 * @param {readonly import('@granary/embedded').Publisher[]} [options.publishers] foreign clients of the broker
 * @param {string} options.tenant the first one
 * @param {ReturnType<typeof import('./certificates.mjs').completeCertificates> | null} options.certificates of both servers; null: neither speaks TLS
 * @param {(place: string) => string} options.folderOf where a place is seen by whoever it is for
 * @returns {Record<string, Record<string, string>>}
 */
export function placesOf({ documents, secrets, natsUrl, postgresAddress, natsFolder, publishers = [], tenant, certificates, folderOf }) {
  const believed = (place) => `${folderOf(place)}/${AUTHORITY_FILE}`;
  const databaseUrl = (place, role, password) => `postgres://${role}:${password}@${postgresAddress}/${DATABASE}${certificates === null ? '' : `?sslmode=verify-full&sslrootcert=${believed(place)}`}`;
  const authority = certificates === null ? {} : { [AUTHORITY_FILE]: certificates.authority.certificate };
  const server = (name) => (certificates === null ? {} : { [SERVER_FILES.certificate]: certificates.servers[name].certificate, [SERVER_FILES.key]: certificates.servers[name].key });
  const identity = (name, databaseAs = null, more = {}) =>
    envFile({
      GRANARY_NATS_URL: natsUrl,
      GRANARY_NATS_USER: name,
      GRANARY_NATS_PASSWORD: secrets.nats[name],
      ...(certificates === null ? {} : { GRANARY_NATS_CA_FILE: believed(name) }),
      ...(databaseAs === null ? {} : { GRANARY_DATABASE_URL: databaseUrl(name, databaseAs, secrets.postgres[name] ?? secrets.postgres[databaseAs]) }),
      ...more,
    });
  const { adminPassword, key, platformKey } = secrets.auth;
  const moreOf = { auth: { GRANARY_AUTH_FIRST_TENANT: tenant, GRANARY_AUTH_FIRST_ADMIN: ADMINISTRATOR, GRANARY_AUTH_FIRST_ADMIN_PASSWORD: adminPassword, GRANARY_AUTH_FIRST_KEY: key, GRANARY_AUTH_FIRST_PLATFORM_KEY: platformKey } };
  return {
    nats: { 'nats.conf': natsConfig({ documents, secrets, publishers, folder: natsFolder, tlsFolder: certificates === null ? null : folderOf('nats') }), ...server('nats') },
    postgres: { password: secrets.postgres.postgres, ...server('postgres') },
    provisioner: { ...authority, 'secrets.json': `${JSON.stringify({ ...secrets, certificates: certificates ?? {} }, null, 2)}\n`, 'identity.env': identity('provisioner', 'postgres') },
    operator: {
      ...authority,
      'identity.env': identity('operator', null, { GRANARY_API_KEY: key }),
      'access.json': `${JSON.stringify({ administrator: { tenant, name: ADMINISTRATOR, password: adminPassword }, platformKey }, null, 2)}\n`,
      'publishers.json': `${JSON.stringify(publishers.map((publisher) => publisherAccount(publisher, secrets.publishers)), null, 2)}\n`,
    },
    ...Object.fromEntries(servicesOf(documents).map((name) => [name, { ...authority, 'identity.env': identity(name, roleOf(name), moreOf[name]) }])),
  };
}

function natsConfig({ documents, secrets, publishers, folder, tlsFolder }) {
  const config = renderNatsConfig({
    folder,
    logFile: `${folder}/nats.log`,
    port: 4222,
    monitorPort: 8222,
    users: natsUsers(documents, secrets.nats),
    publishers: natsPublishers(publishers, secrets.publishers),
    monitor: { user: MONITOR, password: secrets.nats[MONITOR] },
    syncAlways: true,
    ...(tlsFolder !== null && { tls: { certificateFile: `${tlsFolder}/${SERVER_FILES.certificate}`, keyFile: `${tlsFolder}/${SERVER_FILES.key}` } }),
  });
  // The embedded broker writes its log into a file and is reached over loopback; one in a container does neither.
  return changeLines(config, {
    listen: 'listen: "0.0.0.0:4222"',
    log_file: null,
    logfile_size_limit: null,
    logfile_max_num: null,
    ports_file_dir: null,
    pid_file: null,
  });
}

/** Replaces or removes (null) top-level settings. Throws when one is not there: then the text is not what it was made for. */
export function changeLines(config, changes) {
  return Object.entries(changes).reduce((text, [setting, line]) => {
    const found = new RegExp(`^${setting}: .*\n`, 'm');
    if (!found.test(text)) throw new Error(`the broker's configuration has no setting '${setting}'; setup/documents.mjs has to be brought in line with libs/embedded`);
    return text.replace(found, line === null ? '' : `${line}\n`);
  }, config);
}

// Secrets are base64url, names are plain words and folders ours, so no value needs quoting.
const envFile = (variables) => Object.entries(variables).map(([name, value]) => `${name}=${value}\n`).join('');
