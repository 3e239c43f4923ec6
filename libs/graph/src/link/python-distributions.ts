import { memoize } from '../memoize';
import type { DeclaredPackages, Meaning } from '../manifests/declared';
import { foldersUp } from '../paths';
import { purlOf } from '../purl';
import { NOTHING, type Resolution } from './resolution';

/** The distributions that a snapshot's manifests and lock files know, as imports ask for them. */
export interface Distributions {
  /** The distribution from outside that an imported module, given by the parts of its dotted name, comes from. */
  external(folder: string, parts: readonly string[]): Resolution;
}

// Modules whose name does not lead to their distribution by the rules below. Only what a manifest or a lock file names is
// ever taken from here, so that more than one may be given, the usual one first.
const DISTRIBUTIONS: Readonly<Record<string, string>> = {
  _pytest: 'pytest',
  _yaml: 'pyyaml',
  'airflow.sdk': 'apache-airflow-task-sdk',
  airflow: 'apache-airflow apache-airflow-core apache-airflow-task-sdk',
  attr: 'attrs',
  azure: 'azure-core',
  bs4: 'beautifulsoup4',
  cairo: 'pycairo',
  cassandra: 'cassandra-driver scylla-driver',
  corsheaders: 'django-cors-headers',
  crypto: 'pycryptodome pycrypto',
  cryptodome: 'pycryptodomex',
  cv2: 'opencv-python opencv-python-headless opencv-contrib-python opencv-contrib-python-headless',
  discord: 'discord-py py-cord',
  django_filters: 'django-filter',
  dns: 'dnspython',
  environ: 'django-environ',
  faiss: 'faiss-cpu faiss-gpu',
  fitz: 'pymupdf',
  gi: 'pygobject',
  git: 'gitpython',
  'google.api': 'googleapis-common-protos',
  'google.cloud.pubsub_v1': 'google-cloud-pubsub',
  'google.cloud.secretmanager': 'google-cloud-secret-manager',
  'google.oauth2': 'google-auth',
  'google.protobuf': 'protobuf',
  'google.rpc': 'googleapis-common-protos',
  'google.type': 'googleapis-common-protos',
  googleapiclient: 'google-api-python-client',
  grpc: 'grpcio',
  grpc_health: 'grpcio-health-checking',
  grpc_reflection: 'grpcio-reflection',
  grpc_status: 'grpcio-status',
  grpc_tools: 'grpcio-tools',
  haystack: 'haystack-ai farm-haystack django-haystack',
  hydra: 'hydra-core',
  imblearn: 'imbalanced-learn',
  import_export: 'django-import-export',
  kafka: 'kafka-python kafka-python-ng',
  lightning_fabric: 'lightning',
  llama_index: 'llama-index llama-index-core',
  memcache: 'python-memcached',
  mpl_toolkits: 'matplotlib',
  mysql: 'mysql-connector-python',
  mysqldb: 'mysqlclient',
  nacl: 'pynacl',
  odf: 'odfpy',
  openid: 'python3-openid',
  opensearchpy: 'opensearch-py',
  openssl: 'pyopenssl',
  'opentelemetry.exporter.otlp.proto': 'opentelemetry-exporter-otlp',
  opentelemetry: 'opentelemetry-api',
  paho: 'paho-mqtt',
  past: 'future',
  pil: 'pillow',
  pkg_resources: 'setuptools',
  playhouse: 'peewee',
  pptx: 'python-pptx',
  psycopg2: 'psycopg2-binary',
  psycopg: 'psycopg-binary',
  py: 'pytest',
  pylab: 'matplotlib',
  pythoncom: 'pywin32',
  pytorch_lightning: 'lightning',
  pywintypes: 'pywin32',
  redis_lock: 'python-redis-lock',
  rest_framework: 'djangorestframework',
  rest_framework_simplejwt: 'djangorestframework-simplejwt',
  ruamel: 'ruamel-yaml',
  skimage: 'scikit-image',
  sklearn: 'scikit-learn',
  slack: 'slackclient',
  'snowflake.snowpark': 'snowflake-snowpark-python',
  snowflake: 'snowflake-connector-python',
  social_core: 'social-auth-core',
  social_django: 'social-auth-app-django',
  socks: 'pysocks',
  telegram: 'python-telegram-bot',
  tensorflow: 'tensorflow-cpu tensorflow-gpu',
  tlz: 'toolz',
  umap: 'umap-learn',
  usb: 'pyusb',
  websocket: 'websocket-client',
  win32api: 'pywin32',
  win32com: 'pywin32',
  win32con: 'pywin32',
  win32file: 'pywin32',
  wx: 'wxpython',
  xdist: 'pytest-xdist',
  yaml: 'pyyaml',
  zmq: 'pyzmq',
  zope: 'zope-interface',
};

// How distributions are usually called after their module.
const CUSTOMS: readonly ((name: string) => string)[] = [
  (name) => `python-${name}`, (name) => `py${name}`, (name) => `${name}-python`, (name) => `${name}-py`, (name) => `python3-${name}`, (name) => `django-${name}`,
  // Distributions that hold only the types of others.
  (name) => `types-${name}`, (name) => `${name}-stubs`,
];

/** Arranges what the manifests of a snapshot ask for. Distributions made here are not external. */
export function distributionsOf(declared: DeclaredPackages): Distributions {
  const manifests = declared.all('pypi').map((manifest) => {
    const requirements = new Map(manifest.content.requirements.map((requirement) => [normalName(requirement.name), requirement]));
    return {
      ...manifest,
      names: [...requirements.keys()],
      meaning: memoize((name: string): Meaning | null => {
        const requirement = requirements.get(name);
        return requirement === undefined ? null : declared.meaning(manifest, requirement);
      }),
    };
  });
  const own = new Set(manifests.flatMap(({ content: { name } }) => (name === null ? [] : [normalName(name)])));
  const byFolder = Map.groupBy(manifests, ({ folder }) => folder);
  // An environment is mostly shared, so what any manifest asks for may be meant; the nearest come first.
  const inSight = memoize((folder: string) => [...new Set([...foldersUp(folder).flatMap((at) => byFolder.get(at) ?? []), ...manifests])]);

  const asked = new Set(manifests.flatMap(({ names }) => names));
  const locked = new Set(declared.locks.flatMap(({ lock: { content } }) => (content.ecosystem === 'pypi' ? content.packages.map(({ name }) => normalName(name)) : [])));

  const find = (folder: string, name: string): Found | null => {
    for (const { meaning: here } of asked.has(name) ? inSight(folder) : []) {
      const meant = here(name);
      if (meant !== null) return meant.to === 'folder' ? null : meant;
    }
    // A lock file lists what is made here, too.
    const version = locked.has(name) && !own.has(name) ? declared.lockedVersion('pypi', folder, name) : null;
    return version === null ? null : { name, version };
  };
  return {
    external(folder, parts) {
      for (const name of candidates(parts)) {
        const found = find(folder, name);
        if (found !== null) return { to: 'package', purl: purlOf('pypi', found.name, found.version), name: found.name, version: found.version };
      }
      return NOTHING;
    },
  };
}

interface Found { name: string; version: string | null }

/** Names of distributions that a dotted name may belong to, the most specific first: namespaces such as `google` are shared by many. */
function candidates(parts: readonly string[]): string[] {
  const names: string[] = [];
  for (let length = Math.min(parts.length, 6); length > 1; length--) names.push(...known(parts.slice(0, length)), normalName(parts.slice(0, length).join('-')));
  const top = normalName(parts[0] ?? '');
  // `airflow.providers.amazon` is `apache-airflow-providers-amazon`.
  for (let length = Math.min(parts.length, 4); length > 1; length--) names.push(...known(parts.slice(0, 1)).map((name) => normalName([name, ...parts.slice(1, length)].join('-'))));
  return [...names, top, ...known(parts.slice(0, 1)), ...CUSTOMS.map((custom) => custom(top))];
}

function known(parts: readonly string[]): string[] {
  const name = parts.join('.').toLowerCase();
  return Object.hasOwn(DISTRIBUTIONS, name) ? (DISTRIBUTIONS[name] ?? '').split(' ') : [];
}

/** As PEP 503 compares names. */
const normalName = (name: string): string => name.toLowerCase().replace(/[-_.]+/g, '-');
