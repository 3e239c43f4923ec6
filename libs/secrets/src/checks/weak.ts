const WEAK = new Set(
  `a admin administrator adm root toor test tests testing tester user username users pass passwd password passwords passphrase pw pwd secret secrets secretkey token tokens key apikey guest demo default
  example sample foo bar baz qux foobar dev develop development prod production stage staging local localhost changeit letmein welcome qwerty asdf zxcv abc abcd xyz hello world master postgres postgresql pg
  mysql mariadb mongo mongodb redis rabbitmq rabbit oracle sqlserver sql sa db database minio minioadmin elastic elasticsearch kibana grafana neo4j keycloak nats kafka app application web api service server client
  docker vagrant ubuntu jenkins sonar nexus gitlab github my your the this is some any new old valid invalid wrong correct right good bad short long strong weak super top very random string value text data name
  email login auth hash salt plain clear correcthorsebatterystaple none null nil empty undefined unknown blank basic bearer oauth jwt access refresh session cookie dummy fake mock temp tmp not
  opensesame sesame canary scret cret p ss w rd s cr t`.split(/\s+/),
);

// Signs that stand for letters: `s3cret`, `p@ssw0rd`.
const LETTERS: Readonly<Record<string, string>> = { '0': 'o', '1': 'i', '3': 'e', '4': 'a', '5': 's', '7': 't', '@': 'a', $: 's' };

/** Whether a password is one that everybody tries first, or that examples use: known words, with digits and signs around them. */
export function isWeakPassword(value: string): boolean {
  return value === 'hunter2' || isMadeOfWords(value) || isMadeOfWords(value.replace(/[013457@$]/g, (sign) => LETTERS[sign] ?? sign));
}

function isMadeOfWords(value: string): boolean {
  const words = value.replace(/([a-z])([A-Z])/g, '$1 $2').toLowerCase().split(/[^a-z]+/).filter(Boolean);
  return words.every((word) => WEAK.has(word) || WEAK.has(word.replace(/s$/, ''))) || words.every(isMadeOfWeakWords);
}

// `testpassword`, `mysecretkey`: at most three known words in one.
function isMadeOfWeakWords(word: string): boolean {
  return word.length <= 40 && splits(word, 3);
}

function splits(word: string, most: number): boolean {
  if (WEAK.has(word)) return true;
  if (most === 1) return false;
  for (let length = 2; length < word.length - 1; length++) {
    if (WEAK.has(word.slice(0, length)) && splits(word.slice(length), most - 1)) return true;
  }
  return false;
}
