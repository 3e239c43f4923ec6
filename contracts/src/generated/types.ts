// Generated from the schemas in contracts/ by `npm run generate`. Change those, not this.
/**
 * One consumer and what it reads.
 */
export interface Consumption {
  /**
   * The name of the consumer.
   */
  consumer: string;
  /**
   * The event types it reads; `["*"]` is every event of every tenant.
   *
   * @minItems 1
   */
  types: EventType[] | ['*'];
  /**
   * Where a new consumer begins: with the first event still stored, or with the next one.
   */
  start: 'first' | 'new';
  /**
   * How many durable consumers share the 16 partitions; group g holds the partitions p with p % groups = g.
   */
  groups: number;
  /**
   * What a replay may do: `rebuild` its state, repeat because handling is `idempotent`, or `never`.
   */
  replayable: 'rebuild' | 'idempotent' | 'never';
  /**
   * `explicit` (when absent) acknowledges each event, `all` everything up to one.
   */
  ack?: 'explicit' | 'all';
}

/**
 * Who may publish, consume, serve and call what. Compiles to NATS permissions and consumers.
 */
export interface AccessDocument {
  /**
   * The service or other identity; also its NATS user and its database role.
   */
  identity: string;
  /**
   * The event types it announces.
   *
   * Items: An event type: `<domain>.<event>.v<major>`.
   */
  produces: EventType[];
  /**
   * Its consumers.
   */
  consumes: Consumption[];
  /**
   * The operations it answers.
   *
   * Items: An operation: `<service>.<noun>.<verb>`.
   */
  serves: RpcOperation[];
  /**
   * The operations that have a contract and no code yet: it will answer them, and nobody can call them before that.
   *
   * Items: An operation: `<service>.<noun>.<verb>`.
   */
  plans?: RpcOperation[];
  /**
   * The operations it may call; a service with its own token, for any tenant.
   *
   * Items: An operation: `<service>.<noun>.<verb>`.
   */
  calls: RpcOperation[];
  /**
   * The operations that it may call for others only, with the token of whoever asked it.
   *
   * Items: An operation: `<service>.<noun>.<verb>`.
   */
  forwards?: RpcOperation[];
  /**
   * The signals it sends: hints without delivery guarantee that something is worth looking at, never the thing itself.
   *
   * Items: An operation: `<service>.<noun>.<verb>`.
   */
  signals?: string[];
  /**
   * The signals it hears, whoever sends them.
   *
   * Items: An operation: `<service>.<noun>.<verb>`.
   */
  heeds?: string[];
  /**
   * The buckets of the broker in which its replicas keep small values for a day; nobody else reads or writes them.
   *
   * Items: A kebab-case name that is one subject token.
   */
  keeps?: string[];
  /**
   * The streams that it copies for backups, beside how far their consumers are.
   */
  backsUp?: string[];
  /**
   * Whether it takes the events that foreign publishers hand in at `ingest.<tenant>.<publisher>`, and publishes those that it admits.
   */
  admits?: boolean;
}

/**
 * In what something happened on an agent platform. Its ids are those of that platform; logs and traces carry the same.
 */
export interface AgentContext {
  /**
   * The workspace.
   */
  workspaceId?: string;
  /**
   * The conversation, as in `gen_ai.conversation.id` of OpenTelemetry.
   */
  conversationId?: string;
  /**
   * The task.
   */
  taskId?: string;
  /**
   * The agent.
   */
  agentId?: string;
  /**
   * The execution.
   */
  executionId?: string;
  /**
   * The workflow.
   */
  workflowId?: string;
  /**
   * The run of the workflow.
   */
  runId?: string;
  /**
   * The repository that it is about, as Granary knows it.
   */
  repositoryId?: string;
}

/**
 * What calls of models may cost.
 */
export interface AiBudget {
  /**
   * The name of a budget, unique in its tenant.
   */
  name: string;
  /**
   * How long the limit is for, in UTC.
   */
  period: 'day' | 'month';
  /**
   * What may be spent in a period.
   */
  limitNanoDollars: string;
  /**
   * At which parts of the limit an event says so; sorted.
   *
   * @minItems 1
   * @maxItems 20
   *
   * Items: Percent of the limit.
   */
  thresholds: number[];
  /**
   * Only calls of this provider count; null: of all.
   */
  provider: string | null;
  /**
   * Only calls of this model count; null: of all.
   */
  model: string | null;
  /**
   * Only calls about this repository count; null: all.
   */
  repositoryId: string | null;
  /**
   * When it was set.
   */
  updatedAt: string;
  /**
   * Who set it.
   */
  by: string | null;
}

/**
 * What a call cost: by the prices that the tenant set, never by what somebody claims. Exactly one of `nanoDollars` and `unpriced` is null.
 */
export interface AiCallCost {
  /**
   * The cost; null when it is not known, which is not zero.
   */
  nanoDollars: string | null;
  /**
   * The price table that was in effect when the call was stored.
   */
  priceTable: string | null;
  /**
   * Why there is no cost.
   */
  unpriced: ('no-price-table' | 'unknown-model' | 'unknown-kind' | 'usage-not-reported' | 'usage-contradicts') | null;
  /**
   * What whoever announced the call says that it cost, for comparison; null when nothing.
   */
  reportedNanoDollars: string | null;
}

/**
 * A place in a file that calls a model.
 */
export interface AiCall {
  /**
   * A provider of AI models, as in `openai`.
   */
  provider: string;
  /**
   * The package or interface by which it is called.
   */
  sdk: string;
  /**
   * What is asked for, as in `chat` or `embedding`.
   */
  operation: string;
  /**
   * From 1.
   */
  line: number;
  /**
   * From 1.
   */
  column: number;
  /**
   * The model, null when the source does not say.
   */
  model: string | null;
  /**
   * Whether a guard stands beside a call to a model.
   */
  guarded: 'yes' | 'no' | 'unknown';
  /**
   * What speaks for `guarded`.
   *
   * @maxItems 20
   *
   * Items: A name from the source.
   */
  evidence: string[];
}

/**
 * What a use of models cost, and by which prices, so that it can be computed again from the usage.
 */
export interface AiCost {
  /**
   * The cost in billionths of a US dollar.
   */
  nanoDollars: number;
  /**
   * The version of the price table it was computed with.
   */
  priceTable: string;
}

/**
 * The sums of records that are alike in what was asked for; only those fields are there.
 */
export interface AiGroup {
  /**
   * The day, the Monday of the week, or the first of the month.
   */
  day?: string;
  /**
   * What is told of: a call of a model, a safety check, what a harvest found out about a repository, what was done with personal data, or an answer that was not let through.
   */
  kind?: 'invocation' | 'safety-check' | 'harvest-safety' | 'pii-handling' | 'rejected-output';
  /**
   * Null for records without one.
   */
  provider?: string | null;
  /**
   * Null for records without one.
   */
  model?: string | null;
  /**
   * Null for records without one.
   */
  repositoryId?: string | null;
  /**
   * Null for records without one.
   */
  risk?: ('none' | 'low' | 'medium' | 'high' | 'critical') | null;
  /**
   * How it ended.
   */
  outcome?: string;
  measures: AiMeasures;
  /**
   * The same, in the period of the same length before.
   */
  before?: {
    /**
     * Records.
     */
    events: number;
    /**
     * Money in billionths of a US dollar, as a text, because sums may be larger than a number of JSON is exact.
     */
    nanoDollars: string;
  };
}

/**
 * Sums over AI records.
 */
export interface AiMeasures {
  /**
   * Records.
   */
  events: number;
  /**
   * Calls of models among them.
   */
  calls: number;
  /**
   * Calls without a cost: the sum does not have them.
   */
  unpriced: number;
  /**
   * Cost of the calls that have one.
   */
  nanoDollars: string;
  /**
   * What those who announced calls say that they cost.
   */
  reportedNanoDollars: string;
  /**
   * Tokens by kind: `input`, `output` and the three parts that contracts name; other parts are in the records.
   *
   * @maxItems 5
   */
  tokens: AiTokens[];
  /**
   * Mean of the records that say how long they took.
   */
  latencyMs: number | null;
  /**
   * The longest of them.
   */
  longestLatencyMs: number | null;
  /**
   * Mean of the records that have one.
   */
  score: number | null;
  /**
   * The lowest of them.
   */
  lowestScore: number | null;
  /**
   * Pieces of personal data that were handled, reasons, findings.
   */
  items: number;
}

/**
 * How safely a repository uses AI, as far as its source says.
 */
export interface AiPosture {
  /**
   * From 0, unsafe, to 1, safe.
   */
  score: number;
  /**
   * How risky the use of AI looks.
   */
  risk: 'none' | 'low' | 'medium' | 'high' | 'critical';
  /**
   * Why the score is not 1, heaviest first.
   *
   * @maxItems 100
   *
   * Items: A reason for the score.
   */
  reasons: {
    /**
     * A short, stable, kebab-case name of what went wrong.
     */
    code: string;
    /**
     * What happened, why, and what to do, for a person. Never with a secret in it.
     */
    message: string;
    /**
     * How much it takes from the score.
     */
    weight: number;
    /**
     * Where, when it is about one place.
     */
    path?: string;
    /**
     * The line there, from 1.
     */
    line?: number;
  }[];
  /**
   * What a compliance review should look at, sorted.
   *
   * @maxItems 100
   *
   * Items: A flag, such as `gdpr:personal-data-to-provider`.
   */
  flags: string[];
  /**
   * Sorted by provider.
   *
   * @maxItems 200
   *
   * Items: One provider.
   */
  providers: {
    /**
     * A provider of AI models, as in `openai`.
     */
    provider: string;
    /**
     * Places that call it.
     */
    calls: number;
    /**
     * Files with such places.
     */
    files: number;
    /**
     * The models named, sorted.
     *
     * @maxItems 200
     *
     * Items: A model.
     */
    models: string[];
    /**
     * Its calls by guard.
     */
    guarded: {
      /**
       * With a guard.
       */
      yes: number;
      /**
       * Without one.
       */
      no: number;
      /**
       * Not to be told.
       */
      unknown: number;
    };
  }[];
  /**
   * How far protections reach.
   */
  coverage: {
    /**
     * Share of the calls with a guard, null without calls.
     */
    guardrails: number | null;
    /**
     * Share of the calls with redaction of what is sent, null without calls.
     */
    redaction: number | null;
    /**
     * Share of the calls with an encrypted way, null without calls.
     */
    encryption: number | null;
  };
}

/**
 * One event of the log that tells of the use of AI, as the AI audit sees it. What does not apply to its kind is null.
 */
export interface AiRecord {
  position: LogPosition;
  /**
   * The event.
   */
  eventId: string;
  /**
   * An event type: `<domain>.<event>.v<major>`.
   */
  type: string;
  /**
   * What is told of: a call of a model, a safety check, what a harvest found out about a repository, what was done with personal data, or an answer that was not let through.
   */
  kind: 'invocation' | 'safety-check' | 'harvest-safety' | 'pii-handling' | 'rejected-output';
  /**
   * When the stream stored it; days, months and prices go by this.
   */
  storedAt: string;
  /**
   * Its partition key.
   */
  key: string;
  /**
   * Its correlation id.
   */
  correlationId: string;
  /**
   * Who announced it.
   */
  source: string;
  /**
   * The provider of the model.
   */
  provider: string | null;
  /**
   * The model.
   */
  model: string | null;
  /**
   * What was asked of the model, or the stage that was looked at.
   */
  operation: string | null;
  /**
   * How a call ended; the verdict of a check; what was done with an answer (`redacted`, `blocked` …); `handled`, or `allowed` when personal data was let through; `assessed`, `changed` or `withheld` of a harvest.
   */
  outcome: string;
  /**
   * How risky it is.
   */
  risk: ('none' | 'low' | 'medium' | 'high' | 'critical') | null;
  /**
   * From 0, unsafe, to 1, safe.
   */
  score: number | null;
  /**
   * The repository that it is about.
   */
  repositoryId: string | null;
  /**
   * The call of a model that it is about.
   */
  invocationId: string | null;
  /**
   * How long it took.
   */
  latencyMs: number | null;
  /**
   * How many pieces of personal data were handled, reasons given, or findings are open.
   */
  items: number | null;
  /**
   * Tokens as they were reported, by kind; `input` and `output` include their parts.
   *
   * @maxItems 64
   */
  tokens: AiTokens[];
  /**
   * Of calls only.
   */
  cost: AiCallCost | null;
}

/**
 * What was done with AI in one month, in one tenant, by its event log.
 */
export interface AiReport {
  /**
   * A tenant, as a subject token; `_platform` for what concerns no tenant.
   */
  tenant: string;
  /**
   * A month, in UTC.
   */
  month: string;
  /**
   * Whether the month is over and everything that was stored in it is in here; then nothing but other prices will change it.
   */
  complete: boolean;
  /**
   * Everything that was stored until then is in here; null when nothing was read yet.
   */
  readUpTo: string | null;
  total: AiMeasures;
  /**
   * The month before.
   */
  before: AiMeasures;
  /**
   * Calls by provider and model, those that cost most first.
   *
   * @maxItems 200
   */
  models: AiGroup[];
  /**
   * Calls by repository, those that cost most first.
   *
   * @maxItems 200
   */
  repositories: AiGroup[];
  /**
   * Calls by day.
   *
   * @maxItems 31
   */
  days: AiGroup[];
  /**
   * How calls ended.
   *
   * @maxItems 200
   */
  statuses: LabelledCount[];
  /**
   * Price tables that were in effect in the month.
   *
   * @maxItems 100
   */
  priceTables: PriceTable[];
  /**
   * Calls without a cost.
   *
   * @maxItems 200
   */
  unpriced: UnpricedCalls[];
  /**
   * Budgets for a month, and how they stand.
   *
   * @maxItems 200
   */
  budgets: BudgetState[];
  /**
   * Safety checks.
   */
  safety: {
    /**
     * How many.
     */
    checks: number;
    /**
     * By verdict.
     *
     * @maxItems 200
     */
    verdicts: LabelledCount[];
    /**
     * By risk.
     *
     * @maxItems 200
     */
    risks: LabelledCount[];
    /**
     * By what was looked at.
     *
     * @maxItems 200
     */
    stages: LabelledCount[];
    /**
     * Mean score.
     */
    score: number | null;
    /**
     * Lowest score.
     */
    lowestScore: number | null;
    /**
     * Calls of the month that at least one check names; null when the records of the month are not all kept any more.
     */
    callsChecked: number | null;
  };
  /**
   * What was done with personal data.
   */
  personalData: {
    /**
     * How many occasions.
     */
    occasions: number;
    /**
     * How many pieces.
     */
    items: number;
    /**
     * By category and what was done.
     *
     * @maxItems 200
     */
    handled: LabelledCount[];
  };
  /**
   * Answers that were not let through.
   */
  rejected: {
    /**
     * How many.
     */
    answers: number;
    /**
     * By check and reason.
     *
     * @maxItems 200
     */
    reasons: LabelledCount[];
    /**
     * By what was done instead.
     *
     * @maxItems 200
     */
    actions: LabelledCount[];
  };
  /**
   * What harvests found out about repositories.
   */
  harvests: {
    /**
     * How often the use of AI in a repository was assessed anew.
     */
    assessments: number;
    /**
     * Assessments by risk.
     *
     * @maxItems 200
     */
    risks: LabelledCount[];
    /**
     * What a compliance review should look at, by assessments.
     *
     * @maxItems 200
     */
    flags: LabelledCount[];
    /**
     * Commits that the secrets gate withheld.
     */
    withheld: number;
  };
  /**
   * What somebody should look at.
   *
   * @maxItems 50
   *
   * Items: Something to look at.
   */
  attention: {
    /**
     * A short, stable, kebab-case name of what went wrong.
     */
    code: string;
    /**
     * What happened, why, and what to do, for a person. Never with a secret in it.
     */
    message: string;
  }[];
}

/**
 * Tokens of one kind.
 */
export interface AiTokens {
  /**
   * The kind, as the event names it: `input`, `output`, or a part of one such as `cache_read.input`.
   */
  kind: string;
  /**
   * How many; 9007199254740991 stands for that or more.
   */
  tokens: number;
}

/**
 * An API key as auth knows it, without its secret, of which auth keeps a hash only.
 */
export interface ApiKey {
  /**
   * The public part of an API key, by which it is known.
   */
  keyId: string;
  /**
   * Whose it is.
   */
  principalId: string;
  /**
   * What it is for.
   */
  name: string;
  /**
   * The permissions that a key was narrowed to; null when it was not.
   */
  scope: Permission[] | null;
  /**
   * Whether it can still be used.
   */
  state: 'active' | 'expired' | 'revoked';
  /**
   * When it was issued.
   */
  createdAt: string;
  /**
   * When it stops working, null when never.
   */
  expiresAt: string | null;
  /**
   * When it was last used, to the minute; null when never.
   */
  lastUsedAt: string | null;
}

/**
 * Names a content-addressed artifact; its owner serves it by `<service>.artifact.read`.
 */
export interface ArtifactRef {
  /**
   * The SHA-256 of the uncompressed content, which is also its name.
   */
  digest: string;
  /**
   * The size of the uncompressed content.
   */
  bytes: number;
  /**
   * What the content is, such as `application/vnd.granary.facts+json;version=1`.
   */
  mediaType: string;
}

/**
 * A backup being made or verified.
 */
export interface BackupRun {
  /**
   * An identifier: a UUID of version 7, so that ids sort by time.
   */
  runId: string;
  /**
   * What is done.
   */
  kind: 'create' | 'verify';
  /**
   * The backup that it is about, null as long as there is none.
   */
  backup: string | null;
  /**
   * Where it stands.
   */
  state: 'waiting' | 'running' | 'done' | 'failed';
  /**
   * When it was asked for, or was due.
   */
  requestedAt: string;
  /**
   * When it ended, null before.
   */
  endedAt: string | null;
  /**
   * Why it failed, null when it did not.
   */
  code: string | null;
  /**
   * The same for people.
   */
  message: string | null;
}

/**
 * The database and the streams as they were at one moment.
 */
export interface Backup {
  /**
   * A backup, by the moment that it shows.
   */
  name: string;
  /**
   * The moment that it shows.
   */
  createdAt: string;
  /**
   * The version of Granary that made it.
   */
  granary: string;
  /**
   * What it takes on the disk.
   */
  bytes: number;
  /**
   * Rows of the database.
   */
  rows: number;
  /**
   * Messages of the streams.
   */
  messages: number;
  /**
   * The last position of the stream of events that it holds.
   */
  sequence: number;
  /**
   * When it was last restored into scratch servers and found to be right, null when it was not yet.
   */
  verifiedAt: string | null;
}

/**
 * Whom a token stands for.
 */
export interface Bearer {
  /**
   * Who: the id of a person or a service account, or the name of one of Granary's own services.
   */
  principalId: string;
  /**
   * A tenant, as a subject token; `_platform` for what concerns no tenant.
   */
  tenant: string;
  /**
   * A person, a program of a tenant, or one of Granary's own services.
   */
  kind: 'person' | 'service-account' | 'service';
  /**
   * The name by which a person or a service account logs in: unique in its tenant.
   */
  name: string;
}

/**
 * A budget and how it stands in a period.
 */
export interface BudgetState {
  budget: AiBudget;
  /**
   * First day of the period.
   */
  from: string;
  /**
   * Last day of the period.
   */
  to: string;
  /**
   * Cost so far.
   */
  spentNanoDollars: string;
  /**
   * Calls of the period that have no cost: what was spent is more than that.
   */
  unpriced: number;
  /**
   * Cost at the end of the period if it goes on as so far; null while too little of it is over.
   */
  forecastNanoDollars: string | null;
  /**
   * Thresholds that were passed, in order.
   *
   * @maxItems 20
   *
   * Items: A threshold that was passed.
   */
  passed: {
    /**
     * Percent of the limit.
     */
    threshold: number;
    /**
     * Cost when that was seen.
     */
    spentNanoDollars: string;
    /**
     * When that was seen.
     */
    at: string;
  }[];
}

/**
 * One cycle over all caches.
 */
export interface CacheCycle {
  /**
   * An identifier: a UUID of version 7, so that ids sort by time.
   */
  cycleId: string;
  /**
   * Whose entries it may touch; `_platform` for all.
   */
  tenant: string;
  /**
   * Because it was due, or somebody asked.
   */
  reason: 'due' | 'requested';
  /**
   * Whether it only says what it would do.
   */
  dryRun: boolean;
  /**
   * Where it is.
   */
  state: 'listing' | 'sweeping' | 'completed' | 'failed';
  /**
   * A moment, RFC 3339.
   */
  startedAt: string;
  /**
   * Null while it runs.
   */
  finishedAt: string | null;
  policy: CachePolicy;
  /**
   * What it found and did, by owner and kind.
   *
   * @maxItems 100
   */
  parts: CachePart[];
  /**
   * By how much the caches are over their budgets after it, because that is in use.
   */
  overBytes: number;
  /**
   * What could not be done.
   *
   * @maxItems 100
   */
  failures: CacheFailure[];
}

/**
 * What a cycle decided about one entry.
 */
export interface CacheDecision {
  /**
   * The service that keeps it.
   */
  owner: string;
  /**
   * A tenant, as a subject token; `_platform` for what concerns no tenant.
   */
  tenant: string;
  /**
   * What is kept: an `artifact`, the `facts` of files that were last used on one day, or the `mirror` of a repository.
   */
  kind: 'artifact' | 'facts' | 'mirror';
  /**
   * What an entry of a cache is known by, beside its tenant and kind.
   */
  id: string;
  /**
   * What is to become of it.
   */
  action: 'evict' | 'compress';
  /**
   * Not used for too long, over the budget and the longest unused, or large.
   */
  why: 'expired' | 'over-budget' | 'large';
  /**
   * What it takes.
   */
  bytes: number;
  /**
   * A moment, RFC 3339.
   */
  lastUsedAt: string;
}

/**
 * Something that its owner keeps only because making it again takes time.
 */
export interface CacheEntry {
  /**
   * A tenant, as a subject token; `_platform` for what concerns no tenant.
   */
  tenant: string;
  /**
   * What is kept: an `artifact`, the `facts` of files that were last used on one day, or the `mirror` of a repository.
   */
  kind: 'artifact' | 'facts' | 'mirror';
  /**
   * What an entry of a cache is known by, beside its tenant and kind.
   */
  id: string;
  /**
   * What it is, for people: a media type, a day, the name of a repository.
   */
  what: string;
  /**
   * What it takes as it is stored.
   */
  bytes: number;
  /**
   * Its size without compression; the same as `bytes` where that is not known.
   */
  contentBytes: number;
  /**
   * When it came.
   */
  createdAt: string;
  /**
   * When it was last read, or named by something new.
   */
  lastUsedAt: string;
  /**
   * How it is compressed: not at all, as it came, or as tightly as can be.
   */
  compression: 'none' | 'fast' | 'dense';
  /**
   * Whether it goes only when the budget needs it, however long it was not used.
   */
  lasting: boolean;
  /**
   * Why it may not go; null when it may.
   */
  inUse: string | null;
}

/**
 * Why a part of a cycle could not be done.
 */
export interface CacheFailure {
  /**
   * The service that keeps it.
   */
  owner: string;
  /**
   * A short, stable, kebab-case name of what went wrong.
   */
  code: string;
  /**
   * What happened, why, and what to do, for a person. Never with a secret in it.
   */
  message: string;
}

/**
 * How often something was looked for in a cache.
 */
export interface CacheLookups {
  /**
   * A tenant, as a subject token; `_platform` for what concerns no tenant.
   */
  tenant: string;
  /**
   * What is kept: an `artifact`, the `facts` of files that were last used on one day, or the `mirror` of a repository.
   */
  kind: 'artifact' | 'facts' | 'mirror';
  /**
   * Found.
   */
  hits: number;
  /**
   * Not found.
   */
  misses: number;
}

/**
 * What became of an entry of a cache.
 */
export interface CacheOutcome {
  /**
   * A tenant, as a subject token; `_platform` for what concerns no tenant.
   */
  tenant: string;
  /**
   * What is kept: an `artifact`, the `facts` of files that were last used on one day, or the `mirror` of a repository.
   */
  kind: 'artifact' | 'facts' | 'mirror';
  /**
   * What an entry of a cache is known by, beside its tenant and kind.
   */
  id: string;
  /**
   * `evicted`, `packed` more tightly, `kept` because that would not make it smaller, `in-use`, `gone` before, `deferred` to another replica or a later time, or `failed`.
   */
  state: 'evicted' | 'packed' | 'kept' | 'in-use' | 'gone' | 'deferred' | 'failed';
  /**
   * What is free now.
   */
  bytes: number;
  /**
   * Why nothing, or not everything, is free now.
   */
  why: string | null;
}

/**
 * What one cycle found and did to one kind of one owner.
 */
export interface CachePart {
  /**
   * The service that keeps it.
   */
  owner: string;
  /**
   * What is kept: an `artifact`, the `facts` of files that were last used on one day, or the `mirror` of a repository.
   */
  kind: 'artifact' | 'facts' | 'mirror';
  /**
   * Entries that were there.
   */
  entries: number;
  /**
   * What they took.
   */
  bytes: number;
  /**
   * Of these in use.
   */
  usedEntries: number;
  /**
   * What those took.
   */
  usedBytes: number;
  /**
   * Gone.
   */
  evictedEntries: number;
  /**
   * What they had taken.
   */
  evictedBytes: number;
  /**
   * Packed more tightly.
   */
  packedEntries: number;
  /**
   * What that saved.
   */
  packedBytes: number;
  /**
   * Proposed, and left by their owner.
   */
  sparedEntries: number;
}

/**
 * By what the janitor decides.
 */
export interface CachePolicy {
  /**
   * What was not used for so long goes.
   */
  expiryMs: number;
  /**
   * What artifacts and facts may take together.
   */
  budgetBytes: number;
  /**
   * What mirrors may take on all machines together.
   */
  mirrorBudgetBytes: number;
  /**
   * What takes more is packed tightly.
   */
  compressOverBytes: number;
  /**
   * From one cycle to the next.
   */
  everyMs: number;
}

/**
 * An entry of a cache as it was when somebody decided about it.
 */
export interface CacheTarget {
  /**
   * A tenant, as a subject token; `_platform` for what concerns no tenant.
   */
  tenant: string;
  /**
   * What is kept: an `artifact`, the `facts` of files that were last used on one day, or the `mirror` of a repository.
   */
  kind: 'artifact' | 'facts' | 'mirror';
  /**
   * What an entry of a cache is known by, beside its tenant and kind.
   */
  id: string;
  /**
   * As it was listed: what was used since is spared.
   */
  lastUsedAt: string;
}

/**
 * A secret's form that only this organisation knows.
 */
export interface CustomRule {
  /**
   * The rule that found it.
   */
  id: string;
  /**
   * What it finds; the id when left out.
   */
  title?: string;
  /**
   * `high` when left out.
   */
  severity?: 'high' | 'medium' | 'low';
  /**
   * Words of which one stands near every match; upper and lower case are the same. Without any, the pattern has to begin with a fixed text.
   *
   * @maxItems 20
   *
   * Items: A word.
   */
  keywords?: string[];
  /**
   * A regular expression (ECMAScript), refused when it could take long. The group `secret` is the secret; without it, the whole match is.
   */
  pattern: string;
  /**
   * `i` when upper and lower case are the same.
   */
  flags?: string;
  /**
   * Shannon entropy in bits a character that the secret needs.
   */
  entropy?: number;
}

/**
 * An announced event in a service's outbox that the stream refused for good; later ones of its key wait behind it.
 */
export interface DeadAnnouncement {
  /**
   * The number of an announcement in the outbox of its service.
   */
  id: string;
  /**
   * What the stream knows it by: tenant, source and event id.
   */
  messageId: string;
  /**
   * A tenant, as a subject token; `_platform` for what concerns no tenant.
   */
  tenant: string;
  /**
   * The key whose later announcements wait behind this one.
   */
  key: string;
  /**
   * The subject that it was to be published on, which names its type.
   */
  subject: string;
  /**
   * What the stream said.
   */
  reason: string;
  /**
   * When it was announced.
   */
  createdAt: string;
  /**
   * When it was refused.
   */
  deadAt: string;
  /**
   * How many announcements of its key wait behind it.
   */
  behind: number;
}

/**
 * What can change about a dependency.
 */
export interface DependencyState {
  /**
   * The version, null when nothing pins one.
   */
  version: string | null;
  /**
   * What a dependency is needed for.
   */
  scope: 'runtime' | 'dev' | 'peer' | 'optional';
  /**
   * Named by a manifest of the repository itself, not only by another package.
   */
  direct: boolean;
}

/**
 * What a repository says about the ways into its code, in `entry_points.json` or `.granary/entry_points.json`. An entry counts where its blob is the one at its path.
 */
export interface EntryPoints {
  /**
   * The version of this format.
   */
  version: 1;
  /**
   * The entry points.
   *
   * @maxItems 10000
   *
   * Items: A way in.
   */
  entrypoints: {
    /**
     * What makes a module an entry point: a program, a library's main module, an exported path, a start script, a workspace that names nothing else.
     */
    kind: 'bin' | 'main' | 'export' | 'script' | 'workspace';
    /**
     * The command, export, script or workspace.
     */
    name: string;
    /**
     * A path inside the repository, with `/` and without a leading one.
     */
    path: string;
    /**
     * The object that git has at this path.
     */
    blob: string;
  }[];
}

/**
 * CloudEvents 1.0, structured JSON, with the extensions every Granary event carries.
 */
export interface Envelope<T extends string = string, D = unknown> {
  /**
   * The version of CloudEvents.
   */
  specversion: '1.0';
  /**
   * The id of this event: a UUID of version 7.
   */
  id: string;
  /**
   * Who announced it, a URI reference (RFC 3986): `granary/<service>` for the services of Granary.
   */
  source: string;
  /**
   * The event type, `<domain>.<event>.v<major>`: one that has a contract.
   */
  type: T;
  /**
   * When it was announced, RFC 3339.
   */
  time: string;
  /**
   * What `data` is.
   */
  datacontenttype: 'application/json';
  /**
   * The contract and its full version, which fits the type: `granary:event/<domain>/<event>/<version>`.
   */
  dataschema: string;
  /**
   * What the event is about, for people and filters, such as a repository's name.
   */
  subject?: string;
  /**
   * The tenant the event belongs to.
   */
  tenantid: string;
  /**
   * What one request caused carries the same correlation id, across all services.
   */
  correlationid: string;
  /**
   * The id of the event or request that caused this one.
   */
  causationid?: string;
  /**
   * Events of one tenant and key keep their order.
   */
  partitionkey: string;
  /**
   * The W3C trace context it was announced in.
   */
  traceparent?: string;
  /**
   * The work it was announced in, as W3C Baggage: the ids of workspace, task, agent and run that a caller named.
   */
  baggage?: string;
  /**
   * The id that a foreign publisher gave the event, where that is not a UUID of version 7: `id` is made from it then.
   */
  foreignid?: string;
  /**
   * The key that sealed fields of `data` are encrypted with.
   */
  sealkeyid?: string;
  /**
   * The sealed fields: JSON pointers into `data`, separated by one space.
   */
  sealedfields?: string;
  /**
   * The fact itself, in the shape of its contract.
   */
  data: D;
}

/**
 * One path of the tree.
 */
export interface FactFile {
  /**
   * A path inside the repository, with `/` and without a leading one.
   */
  path: string;
  /**
   * The object git has at this path.
   */
  blob: string;
  /**
   * Its size.
   */
  bytes: number;
  /**
   * Its language, null when unknown.
   */
  language: string | null;
  /**
   * Why it was not read, null when it was.
   */
  skipped: string | null;
  /**
   * How it was read, null when there was nothing to read.
   */
  tier: (1 | 2 | 3) | null;
}

/**
 * An import as written, unresolved.
 */
export interface FactImport {
  /**
   * What the source says, such as `./b.js` or `lodash/fp`.
   */
  specifier: string;
  /**
   * How one module names another: `import`, `import type`, `import()`, `require()`, `export … from`.
   */
  kind: 'static' | 'type' | 'dynamic' | 'require' | 'reexport';
  /**
   * The line it stands on, from 1.
   */
  line: number;
}

/**
 * A module and what it imports.
 */
export interface FactModule {
  /**
   * A path inside the repository, with `/` and without a leading one.
   */
  path: string;
  /**
   * The name git gives to an object: 40 (SHA-1) or 64 (SHA-256) hexadecimal digits.
   */
  blob: string;
  /**
   * Its imports in the order of the source.
   */
  imports: FactImport[];
  /**
   * The names by which others import it where they are not its path: the package of a Java or Go file, the namespaces of a C# file.
   *
   * Items: A name.
   */
  declares?: string[];
  /**
   * It starts a program: a `main` function of Go, Java, C# or Rust, a `__main__` guard of Python.
   */
  entry?: boolean;
  /**
   * The repository's own artifact that said so, when it was not read by us.
   */
  provenance?: string;
}

/**
 * A manifest, reduced to what the graph needs.
 */
export type FactManifest =
  | PackageJsonManifest
  | PackageLockManifest
  | TsconfigManifest
  | DeclaredManifest
  | LockManifest
  | SubmodulesManifest
  | WorkspaceManifest
  | EntryPointsManifest;

/**
 * A `package.json`.
 */
export interface PackageJsonManifest {
  /**
   * A path inside the repository, with `/` and without a leading one.
   */
  path: string;
  /**
   * Which manifest it is.
   */
  kind: 'package.json';
  /**
   * What was kept of it, null when it could not be read.
   */
  content: PackageJson | null;
  /**
   * Why it could not be read, null otherwise.
   */
  error: string | null;
}

/**
 * A `package-lock.json`.
 */
export interface PackageLockManifest {
  /**
   * A path inside the repository, with `/` and without a leading one.
   */
  path: string;
  /**
   * Which manifest it is.
   */
  kind: 'package-lock.json';
  /**
   * What was kept of it, null when it could not be read.
   */
  content: PackageLock | null;
  /**
   * Why it could not be read, null otherwise.
   */
  error: string | null;
}

/**
 * A `tsconfig.json`, or a file that one extends.
 */
export interface TsconfigManifest {
  /**
   * A path inside the repository, with `/` and without a leading one.
   */
  path: string;
  /**
   * Which manifest it is.
   */
  kind: 'tsconfig.json';
  /**
   * What was kept of it, null when it could not be read.
   */
  content: Tsconfig | null;
  /**
   * Why it could not be read, null otherwise.
   */
  error: string | null;
}

/**
 * What is kept of a `package.json`.
 */
export interface PackageJson {
  name?: string;
  version?: string;
  type?: string;
  main?: string;
  module?: string;
  types?: string;
  /**
   * One path, or paths by command name.
   */
  bin?:
    | string
    | {
        [k: string]: string;
      };
  /**
   * As written: any JSON.
   */
  exports?: unknown;
  /**
   * As written: subpath imports.
   */
  imports?: {
    [k: string]: unknown;
  };
  /**
   * The patterns of the workspaces, also when written as `{ packages: […] }`.
   */
  workspaces?: string[];
  /**
   * Only the script that starts the program.
   */
  scripts?: {
    start?: string;
  };
  /**
   * Ranges by package name.
   */
  dependencies?: {
    [k: string]: string;
  };
  /**
   * Ranges by package name.
   */
  devDependencies?: {
    [k: string]: string;
  };
  /**
   * Ranges by package name.
   */
  peerDependencies?: {
    [k: string]: string;
  };
  /**
   * Ranges by package name.
   */
  optionalDependencies?: {
    [k: string]: string;
  };
  /**
   * The source that `main` is built from, as some bundlers write it.
   */
  source?: string;
}

/**
 * What is kept of a `package-lock.json`.
 */
export interface PackageLock {
  /**
   * The format of the lock file.
   */
  lockfileVersion: number;
  /**
   * By location, such as `node_modules/a`; the root is the empty string.
   */
  packages: {
    [k: string]: LockedPackage;
  };
}

/**
 * One location of a lock file.
 */
export interface LockedPackage {
  name?: string;
  version?: string;
  /**
   * Only of links: the folder linked to.
   */
  resolved?: string;
  /**
   * A link to a workspace.
   */
  link?: boolean;
  /**
   * Needed only for development.
   */
  dev?: boolean;
  /**
   * Optional.
   */
  optional?: boolean;
  /**
   * Needed only for development, or optional.
   */
  devOptional?: boolean;
  /**
   * Only a peer.
   */
  peer?: boolean;
  /**
   * Ranges by package name.
   */
  dependencies?: {
    [k: string]: string;
  };
  /**
   * Ranges by package name.
   */
  devDependencies?: {
    [k: string]: string;
  };
  /**
   * Ranges by package name.
   */
  peerDependencies?: {
    [k: string]: string;
  };
  /**
   * Ranges by package name.
   */
  optionalDependencies?: {
    [k: string]: string;
  };
}

/**
 * What is kept of a `tsconfig.json`.
 */
export interface Tsconfig {
  /**
   * What it extends, in order.
   */
  extends?: string | string[];
  /**
   * Only what resolves imports.
   */
  compilerOptions?: {
    baseUrl?: string;
    /**
     * Targets by pattern.
     */
    paths?: {
      [k: string]: string[];
    };
    rootDir?: string;
    outDir?: string;
  };
  /**
   * Projects it refers to.
   */
  references?: {
    path: string;
  }[];
}

/**
 * The calls of one file.
 */
export interface FactAiUsage {
  /**
   * A path inside the repository, with `/` and without a leading one.
   */
  path: string;
  /**
   * In the order of the source.
   */
  calls: AiCall[];
}

/**
 * A package asked for.
 */
export interface DeclaredRequirement {
  /**
   * The name of a package in its registry.
   */
  name: string;
  /**
   * The versions asked for, as written; null when any.
   */
  range: string | null;
  /**
   * What a dependency is needed for.
   */
  scope: 'runtime' | 'dev' | 'peer' | 'optional';
  /**
   * Where it lies inside the repository, relative to the manifest's folder, when the manifest says so.
   */
  path?: string;
  /**
   * The name that the code knows it by, when that is another one: renamed packages of Cargo.
   */
  alias?: string;
  /**
   * Listed only because something else that is asked for needs it: `// indirect` of Go, what pip-compile added.
   */
  indirect?: boolean;
  /**
   * The packages that need it, when the manifest says so.
   *
   * Items: The name of a package in its registry.
   */
  via?: string[];
}

/**
 * What is kept of a manifest of any ecosystem but npm's `package.json`.
 */
export interface DeclaredPackage {
  /**
   * The family of packages, as package URLs name it.
   */
  ecosystem: 'npm' | 'pypi' | 'golang' | 'maven' | 'cargo' | 'nuget';
  /**
   * Its own name; of a Go module its path, of Maven `group:artifact`; null when it has none.
   */
  name: string | null;
  /**
   * Its own version.
   */
  version: string | null;
  /**
   * What it asks for.
   */
  requirements: DeclaredRequirement[];
  /**
   * The entry points it declares.
   *
   * Items: A way into it.
   */
  entries: {
    /**
     * What makes a module an entry point: a program, a library's main module, an exported path, a start script, a workspace that names nothing else.
     */
    kind: 'bin' | 'main' | 'export' | 'script' | 'workspace';
    /**
     * The command or export.
     */
    name: string;
    /**
     * A path relative to the manifest, or a module's name as the language writes it, such as `app.cli:main`.
     */
    target: string;
  }[];
  /**
   * The folders of its workspace, as patterns; patterns that start with `!` exclude.
   *
   * Items: A pattern.
   */
  members: string[];
  /**
   * Where its source begins, relative to the manifest, when that is said: `src`, `src/main/java`.
   *
   * Items: A folder.
   */
  sources: string[];
  /**
   * Packages taken from elsewhere: `replace` of Go, `patch` of Cargo, aliases of `tool.uv.sources`.
   *
   * Items: A replacement.
   */
  replaces: {
    /**
     * The name of a package in its registry.
     */
    name: string;
    /**
     * A package's name, `name@version`, or a folder that starts with `.`.
     */
    with: string;
  }[];
  /**
   * The manifest it inherits from.
   */
  parent: string | null;
  /**
   * What manifests that inherit from it get when they ask for a package without a range: `workspace.dependencies` of Cargo, `dependencyManagement` of Maven, central versions of NuGet.
   */
  managed?: DeclaredRequirement[];
  /**
   * What `${name}` stands for, here and in manifests that inherit from it.
   */
  properties?: {
    [k: string]: string;
  };
  /**
   * Other manifests that count here too: files that `-r` of requirements names, and bills of materials of Maven, whose managed versions count.
   *
   * Items: A path relative to this manifest, or `group:artifact:version`.
   */
  includes?: string[];
}

/**
 * A resolved request.
 */
export interface LockedRequirement {
  /**
   * The name of a package in its registry.
   */
  name: string;
  /**
   * As written, null when the lock does not say.
   */
  range: string | null;
  /**
   * What a dependency is needed for.
   */
  scope: 'runtime' | 'dev' | 'peer' | 'optional';
  /**
   * What it was resolved to, null when that is not in the lock.
   */
  to: string | null;
}

/**
 * A lock file of any format but npm's own.
 */
export interface ResolvedLock {
  /**
   * The family of packages, as package URLs name it.
   */
  ecosystem: 'npm' | 'pypi' | 'golang' | 'maven' | 'cargo' | 'nuget';
  /**
   * The manifests covered; empty when the lock does not name them: then it covers its own folder.
   *
   * Items: A manifest that the lock covers.
   */
  importers: {
    /**
     * Relative to the lock file; `.` is its own folder.
     */
    folder: string;
    /**
     * What the manifest there got.
     */
    requirements: LockedRequirement[];
  }[];
  /**
   * Sorted by key.
   *
   * Items: A package.
   */
  packages: {
    /**
     * Unique in the lock.
     */
    key: string;
    /**
     * The name of a package in its registry.
     */
    name: string;
    /**
     * Its version.
     */
    version: string | null;
    /**
     * The folder of the repository that it stands for, null for packages of a registry.
     */
    link: string | null;
    /**
     * What it depends on.
     */
    requirements: LockedRequirement[];
    /**
     * The requests that lead here, as `name@range`, where manifests find their packages by them: yarn.
     *
     * Items: A request.
     */
    descriptors?: string[];
    /**
     * A package of the repository itself whose folder the lock does not say: members of a Cargo workspace.
     */
    own?: boolean;
  }[];
}

/**
 * What is kept of `.gitmodules`.
 */
export interface Submodules {
  /**
   * In the order of the file.
   *
   * Items: A submodule.
   */
  submodules: {
    /**
     * A path inside the repository, with `/` and without a leading one.
     */
    path: string;
    /**
     * Where it comes from, null when it is not said.
     */
    url: string | null;
  }[];
}

/**
 * What is kept of `pnpm-workspace.yaml`.
 */
export interface Workspace {
  /**
   * As written.
   *
   * Items: A pattern.
   */
  members: string[];
  /**
   * Ranges by package name, by catalog; the one without a name is called `default`.
   */
  catalogs?: {
    [k: string]: {
      [k: string]: string;
    };
  };
}

/**
 * A manifest of another ecosystem than npm.
 */
export interface DeclaredManifest {
  /**
   * A path inside the repository, with `/` and without a leading one.
   */
  path: string;
  /**
   * Which manifest it is.
   */
  kind:
    | 'requirements.txt'
    | 'pyproject.toml'
    | 'setup.cfg'
    | 'Pipfile'
    | 'go.mod'
    | 'go.work'
    | 'Cargo.toml'
    | 'pom.xml'
    | 'csproj';
  /**
   * What was kept of it, null when it could not be read.
   */
  content: DeclaredPackage | null;
  /**
   * Why it could not be read, null otherwise.
   */
  error: string | null;
}

/**
 * A lock file of another format than npm's own.
 */
export interface LockManifest {
  /**
   * A path inside the repository, with `/` and without a leading one.
   */
  path: string;
  /**
   * Which manifest it is.
   */
  kind:
    | 'pnpm-lock.yaml'
    | 'yarn.lock'
    | 'poetry.lock'
    | 'uv.lock'
    | 'Pipfile.lock'
    | 'Cargo.lock'
    | 'packages.lock.json'
    | 'constraints.txt';
  /**
   * What was kept of it, null when it could not be read.
   */
  content: ResolvedLock | null;
  /**
   * Why it could not be read, null otherwise.
   */
  error: string | null;
}

/**
 * A `.gitmodules`.
 */
export interface SubmodulesManifest {
  /**
   * A path inside the repository, with `/` and without a leading one.
   */
  path: string;
  /**
   * Which manifest it is.
   */
  kind: 'gitmodules';
  /**
   * What was kept of it, null when it could not be read.
   */
  content: Submodules | null;
  /**
   * Why it could not be read, null otherwise.
   */
  error: string | null;
}

/**
 * A `pnpm-workspace.yaml`.
 */
export interface WorkspaceManifest {
  /**
   * A path inside the repository, with `/` and without a leading one.
   */
  path: string;
  /**
   * Which manifest it is.
   */
  kind: 'pnpm-workspace.yaml';
  /**
   * What was kept of it, null when it could not be read.
   */
  content: Workspace | null;
  /**
   * Why it could not be read, null otherwise.
   */
  error: string | null;
}

/**
 * The repository's own list of entry points.
 */
export interface EntryPointsManifest {
  /**
   * A path inside the repository, with `/` and without a leading one.
   */
  path: string;
  /**
   * Which manifest it is.
   */
  kind: 'entry_points.json';
  /**
   * What it says, null when it could not be read.
   */
  content: EntryPoints | null;
  /**
   * Why it could not be read, null otherwise.
   */
  error: string | null;
}

/**
 * What one harvest learned about one commit: the artifact of the harvester. Holds no source text.
 */
export interface FactPack {
  /**
   * The version of this format.
   */
  version: 1;
  /**
   * An identifier: a UUID of version 7, so that ids sort by time.
   */
  repositoryId: string;
  /**
   * The short name people know a repository by.
   */
  name: string;
  /**
   * The name git gives to an object: 40 (SHA-1) or 64 (SHA-256) hexadecimal digits.
   */
  commit: string;
  /**
   * When the commit was made, as its committer says.
   */
  committedAt: string;
  /**
   * A git ref, such as `refs/heads/main`.
   */
  ref: string;
  /**
   * How thoroughly a repository was read: 1 existing artifacts reused, 2 full analysis, 3 light fallback scan.
   */
  tier: 1 | 2 | 3;
  /**
   * Why this tier, for people; empty when nothing stood in the way.
   *
   * @maxItems 100
   *
   * Items: A reason.
   */
  tierReasons: string[];
  /**
   * Every path of the tree, sorted by path; symbolic links and submodules too, skipped with a reason.
   */
  files: FactFile[];
  /**
   * The files that were read as modules, sorted by path.
   */
  modules: FactModule[];
  /**
   * The manifests, reduced to what the graph needs, sorted by path.
   */
  manifests: FactManifest[];
  /**
   * The languages, largest first.
   */
  languages: LanguageShare[];
  /**
   * What the secrets gate and the search for personal data found, sorted by path, line and rule.
   */
  findings: Finding[];
  /**
   * Who calls models, sorted by path.
   */
  aiUsage: FactAiUsage[];
}

/**
 * Open findings of a commit, by kind and severity; those that are allowed do not count.
 */
export interface FindingCounts {
  /**
   * Secrets.
   */
  secrets: {
    /**
     * Of high severity.
     */
    high: number;
    /**
     * Of medium severity.
     */
    medium: number;
    /**
     * Of low severity.
     */
    low: number;
  };
  /**
   * Personal data.
   */
  personalData: {
    /**
     * Of high severity.
     */
    high: number;
    /**
     * Of medium severity.
     */
    medium: number;
    /**
     * Of low severity.
     */
    low: number;
  };
  /**
   * Findings of both kinds that are allowed.
   */
  allowed: number;
  /**
   * Places that call a model; building a client is none.
   */
  aiCalls: number;
}

/**
 * Something in a file that should not be there, without the thing itself.
 */
export interface Finding {
  /**
   * What a finding is known by: a hash of kind, rule, path and keyed hash, not of its line.
   */
  id: string;
  /**
   * What was found.
   */
  kind: 'secret' | 'personal-data';
  /**
   * The rule that found it.
   */
  rule: string;
  /**
   * How much harm it may do.
   */
  severity: 'high' | 'medium' | 'low';
  /**
   * A path inside the repository, with `/` and without a leading one.
   */
  path: string;
  /**
   * From 1.
   */
  line: number;
  /**
   * From 1.
   */
  column: number;
  /**
   * From 1.
   */
  endLine: number;
  /**
   * From 1.
   */
  endColumn: number;
  /**
   * A hash of the value found, keyed for the tenant: equal values can be told, the value cannot.
   */
  hash: string;
  /**
   * What may be shown of it: a public prefix and the length, never the value.
   */
  preview: string;
  /**
   * Who said that it may stay, null when nobody did.
   */
  allowed: {
    /**
     * A comment in the file, or a decision kept by the harvester.
     */
    by: 'inline' | 'decision';
    /**
     * Why, as somebody wrote it.
     */
    reason: string;
  } | null;
}

/**
 * A role that a principal has, on the whole tenant or on some repositories.
 */
export interface Grant {
  role: Role;
  /**
   * `all` for the whole tenant; else the only repositories for which it counts. At most 100 over all grants of a principal.
   */
  repositories: 'all' | string[];
}

/**
 * The size of a project graph.
 */
export interface GraphCounts {
  /**
   * Modules of the repository.
   */
  modules: number;
  /**
   * Imports between its modules.
   */
  imports: number;
  /**
   * External packages.
   */
  packages: number;
  /**
   * Entry points.
   */
  entrypoints: number;
  /**
   * Import cycles.
   */
  cycles: number;
  /**
   * Imports that could not be resolved.
   */
  unresolved: number;
}

/**
 * An event that a consumer could not settle and keeps.
 */
export interface Held {
  /**
   * The consumer that holds it.
   */
  consumer: string;
  /**
   * A tenant, as a subject token; `_platform` for what concerns no tenant.
   */
  tenant: string;
  /**
   * The key whose later events wait behind this one.
   */
  key: string;
  /**
   * The stream sequence of the event.
   */
  position: number;
  /**
   * `held` and due for another try at `nextAt`, `waiting` behind an earlier event of its key, or `dead` until somebody decides.
   */
  state: 'held' | 'waiting' | 'dead';
  /**
   * How often it was tried.
   */
  attempts: number;
  /**
   * When it is tried again, null when it is not.
   */
  nextAt: string | null;
  /**
   * A short, stable, kebab-case name of what went wrong.
   */
  code: string;
  /**
   * What happened, why, and what to do, for a person. Never with a secret in it.
   */
  message: string;
  /**
   * The id of the event, as far as it could be read.
   */
  eventId: string;
  /**
   * The type of the event, as far as it could be read.
   */
  eventType: string;
  /**
   * When it was first held.
   */
  heldAt: string;
}

/**
 * One import of a module.
 */
export interface ImportEdge {
  /**
   * A module's path, a package URL or a built-in such as `node:fs`.
   */
  to: string;
  /**
   * How one module names another: `import`, `import type`, `import()`, `require()`, `export … from`.
   */
  kind: 'static' | 'type' | 'dynamic' | 'require' | 'reexport';
}

/**
 * A harvest job: one harvest of one repository.
 */
export interface Job {
  /**
   * An identifier: a UUID of version 7, so that ids sort by time.
   */
  jobId: string;
  /**
   * An identifier: a UUID of version 7, so that ids sort by time.
   */
  repositoryId: string;
  /**
   * The short name people know a repository by.
   */
  name: string;
  /**
   * Where a harvest job is in its life.
   */
  state: 'pending' | 'fetching' | 'scanning' | 'parsing' | 'storing' | 'completed' | 'failed' | 'cancelled' | 'blocked';
  /**
   * Why a harvest was asked for.
   */
  reason: 'manual' | 'registered' | 'head-moved' | 'retry';
  /**
   * What one request caused carries the same correlation id, across all services.
   */
  correlationId: string;
  /**
   * A moment, RFC 3339.
   */
  createdAt: string;
  /**
   * When work on it first began.
   */
  startedAt: string | null;
  /**
   * When it reached its last state.
   */
  finishedAt: string | null;
  /**
   * How often it was begun.
   */
  attempts: number;
  /**
   * The commit harvested, null until it is known.
   */
  commit: string | null;
  /**
   * How thoroughly it was read, null until it is known.
   */
  tier: (1 | 2 | 3) | null;
  /**
   * Progress of the current stage.
   */
  progress: {
    /**
     * Units done.
     */
    done: number;
    /**
     * Units in all, as far as known.
     */
    total: number;
  };
  /**
   * The stages entered so far, in order.
   *
   * @maxItems 100
   */
  stages: {
    /**
     * The part of a harvest.
     */
    stage: 'pending' | 'fetching' | 'scanning' | 'parsing' | 'storing';
    /**
     * A moment, RFC 3339.
     */
    startedAt: string;
    /**
     * How long it took, null while it runs.
     */
    durationMs: number | null;
  }[];
  /**
   * What was found, null until it is known.
   */
  counts: {
    /**
     * Files of the tree.
     */
    files: number;
    /**
     * Files read in this harvest.
     */
    analysed: number;
    /**
     * Files whose facts were known already.
     */
    reused: number;
    /**
     * Files left out, with a reason.
     */
    skipped: number;
    /**
     * Imports found.
     */
    imports: number;
  } | null;
  /**
   * Why it failed, null otherwise.
   */
  error: {
    /**
     * The part of a harvest.
     */
    stage: 'pending' | 'fetching' | 'scanning' | 'parsing' | 'storing';
    /**
     * A short, stable, kebab-case name of what went wrong.
     */
    code: string;
    /**
     * What happened, why, and what to do, for a person. Never with a secret in it.
     */
    message: string;
  } | null;
}

/**
 * A finding of a repository and its history.
 */
export interface KnownFinding {
  /**
   * An identifier: a UUID of version 7, so that ids sort by time.
   */
  repositoryId: string;
  /**
   * The short name people know a repository by.
   */
  repository: string;
  /**
   * `open`, `allowed` by somebody with a reason, or `resolved` because the newest commit does not have it.
   */
  state: 'open' | 'allowed' | 'resolved';
  finding: Finding;
  /**
   * The name git gives to an object: 40 (SHA-1) or 64 (SHA-256) hexadecimal digits.
   */
  firstSeenCommit: string;
  /**
   * A moment, RFC 3339.
   */
  firstSeenAt: string;
  /**
   * When a commit without it was harvested, null while it is there.
   */
  resolvedAt: string | null;
}

/**
 * How often something was.
 */
export interface LabelledCount {
  /**
   * What.
   */
  label: string;
  /**
   * How often.
   */
  count: number;
}

/**
 * How much of a repository is written in one language.
 */
export interface LanguageShare {
  /**
   * A language, as in `typescript` or `javascript`.
   */
  language: string;
  /**
   * Files in this language.
   */
  files: number;
  /**
   * Bytes in those files.
   */
  bytes: number;
}

/**
 * What the event log said of itself at one moment, signed.
 */
export interface LogCheckpoint {
  /**
   * Why a checkpoint was signed: the first of a day, the first of another hour, or because a proof needed it.
   */
  kind: 'daily' | 'hourly' | 'asked';
  /**
   * The name by which others know an event log.
   */
  origin: string;
  /**
   * Leaves of the tree.
   */
  size: number;
  /**
   * The root of the tree.
   */
  root: string;
  /**
   * When it was signed.
   */
  time: string;
  /**
   * The epoch of the last leaf.
   */
  epoch: number;
  /**
   * The sequence of the last leaf; 0 while the log is empty.
   */
  sequence: number;
  /**
   * The signed note, as C2SP tlog-checkpoint says: what can be kept and checked elsewhere.
   */
  note: string;
}

/**
 * An event of the log with what the log itself knows of it: tenant and type are those that the broker let pass, whatever the event claims.
 */
export interface LogEntry {
  position: LogPosition;
  /**
   * The tenant that it belongs to.
   */
  tenant: string;
  /**
   * Its type; `_malformed` for a message that is no event.
   */
  type: string;
  /**
   * Its partition key, such as the id of its repository; the subject of a message that is no event.
   */
  key: string;
  /**
   * Null for a message that is no event.
   */
  correlationId: string | null;
  /**
   * The event as it was published, with fields newer than this contract too.
   */
  event: Envelope;
}

/**
 * A position in the event log; positions sort by epoch, then sequence.
 */
export interface LogPosition {
  /**
   * The epoch of the stream: new whenever the stream is created or restored.
   */
  epoch: number;
  /**
   * The stream sequence within the epoch.
   */
  sequence: number;
}

/**
 * An event of the log.
 */
export interface LoggedEvent {
  position: LogPosition;
  /**
   * The event as it was published, with fields newer than this contract too.
   */
  event: Envelope;
}

/**
 * What tokens of one model cost, by kind. A kind that is used and has no price leaves the whole call without a cost.
 */
export interface ModelPrices {
  /**
   * A provider of AI models, as in `openai`.
   */
  provider: string;
  /**
   * The model as calls name it; with `*` at the end all that begin so. The whole name goes before a beginning, a longer beginning before a shorter one.
   */
  model: string;
  /**
   * Dollars for a million tokens, by kind. `input` and `output` are for the tokens that belong to no part of them.
   */
  prices: {
    /**
     * US dollars for a million tokens, as a decimal text.
     */
    input?: string;
    /**
     * US dollars for a million tokens, as a decimal text.
     */
    output?: string;
    /**
     * US dollars for a million tokens, as a decimal text.
     */
    'cache_read.input'?: string;
    /**
     * US dollars for a million tokens, as a decimal text.
     */
    'cache_write.input'?: string;
    /**
     * US dollars for a million tokens, as a decimal text.
     */
    'reasoning.output'?: string;
  };
}

/**
 * What a repository says about its own modules, in `module_graph.json` or `.granary/module_graph.json`. An entry counts where its blob is the one at its path.
 */
export interface ModuleGraph {
  /**
   * The version of this format.
   */
  version: 1;
  /**
   * What made it.
   */
  generator?: string;
  /**
   * The modules.
   *
   * @maxItems 500000
   *
   * Items: A module.
   */
  modules: {
    /**
     * A path inside the repository, with `/` and without a leading one.
     */
    path: string;
    /**
     * The object that git has at this path: `git hash-object <file>`.
     */
    blob: string;
    /**
     * Its imports as written, in the order of the source.
     *
     * @maxItems 10000
     */
    imports: FactImport[];
    /**
     * The names by which others import it where they are not its path.
     *
     * @maxItems 1000
     *
     * Items: A name.
     */
    declares?: string[];
  }[];
}

/**
 * What somebody may do: `<resource>:<action>`. `tenant:write` and those of backups are for the platform, not for one tenant.
 */
export type Permission =
  | 'repository:read'
  | 'repository:write'
  | 'harvest:run'
  | 'job:read'
  | 'job:cancel'
  | 'graph:read'
  | 'finding:read'
  | 'finding:decide'
  | 'gate:read'
  | 'gate:write'
  | 'event:read'
  | 'event:publish'
  | 'held:read'
  | 'held:decide'
  | 'outbox:read'
  | 'outbox:decide'
  | 'replay:read'
  | 'replay:run'
  | 'identity:read'
  | 'identity:write'
  | 'tenant:write'
  | 'cache:read'
  | 'cache:sweep'
  | 'audit:read'
  | 'backup:read'
  | 'backup:write'
  | 'cost:write';

/**
 * A price table of the tenant, without its prices. It never changes; another version replaces it from its own moment on.
 */
export interface PriceTable {
  /**
   * The version of a price table: given once, and never to another one.
   */
  version: string;
  /**
   * From when on calls cost what it says.
   */
  effectiveFrom: string;
  /**
   * When it was set.
   */
  setAt: string;
  /**
   * Who set it.
   */
  by: string | null;
  /**
   * Models that it has prices of.
   */
  models: number;
  /**
   * Of its prices.
   */
  digest: string;
}

/**
 * Somebody or something that can be told apart and be given roles.
 */
export interface Principal {
  /**
   * An identifier: a UUID of version 7, so that ids sort by time.
   */
  principalId: string;
  /**
   * A tenant, as a subject token; `_platform` for what concerns no tenant.
   */
  tenant: string;
  /**
   * A person, a program of a tenant, or one of Granary's own services.
   */
  kind: 'person' | 'service-account' | 'service';
  /**
   * The name by which a person or a service account logs in: unique in its tenant.
   */
  name: string;
  /**
   * A disabled principal gets no token, and those it has are revoked.
   */
  state: 'active' | 'disabled';
  /**
   * Which roles it has, and on what.
   *
   * @maxItems 20
   */
  grants: Grant[];
  /**
   * Grows with each change of the grants; who changes them names the one they saw.
   */
  version: number;
  /**
   * When it was added.
   */
  createdAt: string;
  /**
   * When it last got a token, null when never.
   */
  lastSeenAt: string | null;
}

/**
 * A module of the repository.
 */
export interface GraphModule {
  /**
   * A path inside the repository, with `/` and without a leading one.
   */
  path: string;
  /**
   * A language, as in `typescript` or `javascript`.
   */
  language: string;
  /**
   * The name git gives to an object: 40 (SHA-1) or 64 (SHA-256) hexadecimal digits.
   */
  blob: string;
  /**
   * Its size.
   */
  bytes: number;
  /**
   * The repository's own artifact that described it, when it was not read by us.
   */
  provenance?: string;
}

/**
 * An external package.
 */
export interface GraphPackage {
  /**
   * A package URL, as in `pkg:npm/%40scope/name@1.2.3`.
   */
  purl: string;
  /**
   * The name of a package in its registry.
   */
  name: string;
  /**
   * The version, null when nothing pins one.
   */
  version: string | null;
}

/**
 * A way into the repository's code.
 */
export interface GraphEntrypoint {
  /**
   * What makes a module an entry point: a program, a library's main module, an exported path, a start script, a workspace that names nothing else.
   */
  kind: 'bin' | 'main' | 'export' | 'script' | 'workspace';
  /**
   * The command, export, script or workspace.
   */
  name: string;
  /**
   * The module or file it starts at.
   */
  path: string;
}

/**
 * One module imports another.
 */
export interface GraphImport {
  /**
   * A path inside the repository, with `/` and without a leading one.
   */
  from: string;
  /**
   * A path inside the repository, with `/` and without a leading one.
   */
  to: string;
  /**
   * How one module names another: `import`, `import type`, `import()`, `require()`, `export … from`.
   */
  kind: 'static' | 'type' | 'dynamic' | 'require' | 'reexport';
  /**
   * The line it stands on, from 1.
   */
  line: number;
}

/**
 * A manifest or a package asks for a package.
 */
export interface GraphDependency {
  /**
   * The folder of a manifest (`.` is the root) or a package URL.
   */
  from: string;
  /**
   * A package URL, as in `pkg:npm/%40scope/name@1.2.3`.
   */
  to: string;
  /**
   * What a dependency is needed for.
   */
  scope: 'runtime' | 'dev' | 'peer' | 'optional';
  /**
   * A manifest of the repository itself asks for it, not only something that the repository depends on.
   */
  direct: boolean;
  /**
   * The range asked for, null when unknown.
   */
  range: string | null;
}

/**
 * A module uses a package or a built-in.
 */
export interface GraphUse {
  /**
   * A path inside the repository, with `/` and without a leading one.
   */
  from: string;
  /**
   * A package URL, or a built-in such as `node:fs`.
   */
  to: string;
  /**
   * How one module names another: `import`, `import type`, `import()`, `require()`, `export … from`.
   */
  kind: 'static' | 'type' | 'dynamic' | 'require' | 'reexport';
  /**
   * The line it stands on, from 1.
   */
  line: number;
}

/**
 * What the graph does not know.
 */
export interface GraphCompleteness {
  /**
   * How thoroughly a repository was read: 1 existing artifacts reused, 2 full analysis, 3 light fallback scan.
   */
  tier: 1 | 2 | 3;
  /**
   * Why this tier, for people; empty when nothing stood in the way.
   *
   * @maxItems 100
   *
   * Items: A reason.
   */
  tierReasons: string[];
  /**
   * Imports that could not be resolved.
   */
  unresolved: {
    /**
     * A path inside the repository, with `/` and without a leading one.
     */
    from: string;
    /**
     * What the source says.
     */
    specifier: string;
    /**
     * The line it stands on, from 1.
     */
    line: number;
  }[];
  /**
   * Files that were not read.
   */
  skipped: {
    /**
     * A path inside the repository, with `/` and without a leading one.
     */
    path: string;
    /**
     * Why it was not read.
     */
    reason: string;
  }[];
  /**
   * Folders with dependencies but no lock file.
   *
   * Items: A folder inside the repository; `.` is its root.
   */
  missingLocks: string[];
  /**
   * Files that only the light scan could read; they are tried again.
   *
   * Items: A path inside the repository, with `/` and without a leading one.
   */
  light: string[];
}

/**
 * A package made here.
 */
export interface GraphPublication {
  /**
   * Without a version.
   */
  purl: string;
  /**
   * The name of a package in its registry.
   */
  name: string;
  /**
   * The version in the manifest, null when it has none.
   */
  version: string | null;
  /**
   * A folder inside the repository; `.` is its root.
   */
  folder: string;
}

/**
 * Another repository at a commit.
 */
export interface GraphSubmodule {
  /**
   * A path inside the repository, with `/` and without a leading one.
   */
  path: string;
  /**
   * The name git gives to an object: 40 (SHA-1) or 64 (SHA-256) hexadecimal digits.
   */
  commit: string;
  /**
   * Where it comes from, null when the repository does not say.
   */
  url: string | null;
}

/**
 * A module calls a model.
 */
export interface GraphAiCall {
  /**
   * A path inside the repository, with `/` and without a leading one.
   */
  from: string;
  /**
   * A provider of AI models, as in `openai`.
   */
  to: string;
  /**
   * The package or interface by which it is called.
   */
  sdk: string;
  /**
   * What is asked for, as in `chat` or `embedding`.
   */
  operation: string;
  /**
   * From 1.
   */
  line: number;
  /**
   * From 1.
   */
  column: number;
  /**
   * The model, null when the source does not say.
   */
  model: string | null;
  /**
   * Whether a guard stands beside a call to a model.
   */
  guarded: 'yes' | 'no' | 'unknown';
  /**
   * What speaks for `guarded`.
   *
   * @maxItems 20
   *
   * Items: A name from the source.
   */
  evidence: string[];
}

/**
 * The canonical graph of one repository at one commit: the artifact of the normalizer. Keys and arrays are sorted, so equal graphs are equal bytes.
 */
export interface ProjectGraph {
  /**
   * The version of this format.
   */
  version: 1;
  /**
   * Whose graph it is.
   */
  repository: {
    /**
     * An identifier: a UUID of version 7, so that ids sort by time.
     */
    id: string;
    /**
     * The short name people know a repository by.
     */
    name: string;
  };
  /**
   * The name git gives to an object: 40 (SHA-1) or 64 (SHA-256) hexadecimal digits.
   */
  commit: string;
  /**
   * When the commit was made, as its committer says.
   */
  committedAt: string;
  /**
   * What there is.
   */
  nodes: {
    /**
     * Sorted by path.
     */
    modules: GraphModule[];
    /**
     * Sorted by package URL.
     */
    packages: GraphPackage[];
    /**
     * Sorted by kind, name and path.
     */
    entrypoints: GraphEntrypoint[];
    /**
     * The packages that the repository itself makes, sorted by package URL and folder.
     */
    publishes: GraphPublication[];
    /**
     * Sorted by path.
     */
    submodules: GraphSubmodule[];
    /**
     * Whose models are called, sorted.
     *
     * Items: A provider of AI models, as in `openai`.
     */
    aiProviders: string[];
    /**
     * Sorted by path, line, rule and id.
     */
    findings: Finding[];
  };
  /**
   * How it hangs together.
   */
  edges: {
    /**
     * Between modules of the repository, sorted.
     */
    imports: GraphImport[];
    /**
     * Between manifests and packages, sorted.
     */
    dependsOn: GraphDependency[];
    /**
     * From modules to packages and built-ins, sorted.
     */
    uses: GraphUse[];
    /**
     * From modules to providers, sorted by module and line.
     */
    callsAI: GraphAiCall[];
  };
  /**
   * The languages, sorted by name.
   */
  languages: LanguageShare[];
  /**
   * Import cycles: the modules of each, sorted.
   */
  cycles: string[][];
  completeness: GraphCompleteness;
}

/**
 * An event of a replay that the consumer could not handle.
 */
export interface ReplayFailure {
  position: LogPosition;
  /**
   * A tenant, as a subject token; `_platform` for what concerns no tenant.
   */
  tenant: string;
  /**
   * Its key, as far as it could be read.
   */
  key: string;
  /**
   * The id of the event, as far as it could be read.
   */
  eventId: string;
  /**
   * The type of the event, as far as it could be read.
   */
  eventType: string;
  /**
   * How often it was tried.
   */
  attempts: number;
  /**
   * A short, stable, kebab-case name of what went wrong.
   */
  code: string;
  /**
   * What happened, why, and what to do, for a person. Never with a secret in it.
   */
  message: string;
}

/**
 * A replay of events of the log to one consumer.
 */
export interface ReplayJob {
  /**
   * The job; also the run under which consumers remember what of it they have handled.
   */
  jobId: string;
  /**
   * Whose job it is; `_platform` for those of the platform.
   */
  tenant: string;
  /**
   * The one consumer that it is for.
   */
  consumer: string;
  selection: ReplaySelection;
  /**
   * Why, in the words of whoever asked for it.
   */
  reason: string;
  /**
   * At most so many events a second; null for as many as the consumer takes.
   */
  rate: number | null;
  /**
   * Who asked for it.
   */
  by: string;
  /**
   * Where a replay is in its life. `planning` is its dry run; `completed`, `failed` and `cancelled` are its ends.
   */
  state: 'planning' | 'planned' | 'running' | 'paused' | 'completed' | 'failed' | 'cancelled';
  /**
   * A moment, RFC 3339.
   */
  createdAt: string;
  /**
   * When it was started, null before.
   */
  startedAt: string | null;
  /**
   * When it reached its last state.
   */
  finishedAt: string | null;
  /**
   * The end of the log when it was planned; nothing later is replayed.
   */
  through: LogPosition;
  /**
   * The result of the dry run, null until it is there.
   */
  plan: ReplayPlan | null;
  /**
   * How far it is.
   */
  progress: {
    /**
     * Events that the dry run counted.
     */
    total: number;
    /**
     * Events that the consumer has handled.
     */
    handled: number;
    /**
     * Events that it could not handle.
     */
    failed: number;
  };
  /**
   * Why a running job does not go on, for a person; empty while it does.
   *
   * @maxItems 16
   *
   * Items: What happened, why, and what to do, for a person. Never with a secret in it.
   */
  waitingFor: string[];
  /**
   * Why it failed; null when it did not.
   */
  error: {
    /**
     * A short, stable, kebab-case name of what went wrong.
     */
    code: string;
    /**
     * What happened, why, and what to do, for a person. Never with a secret in it.
     */
    message: string;
  } | null;
}

/**
 * What a replay would bring: the result of its dry run.
 */
export interface ReplayPlan {
  /**
   * Events that match, up to the end of the log at that time.
   */
  events: number;
  /**
   * Their keys, each counted once for each tenant; a million stands for a million or more.
   */
  keys: number;
  /**
   * Their size, as the log keeps them.
   */
  bytes: number;
  /**
   * The first of them, null when there is none.
   */
  first: LogPosition | null;
  /**
   * The last of them, null when there is none.
   */
  last: LogPosition | null;
  /**
   * Events that today's contracts refuse. They fail in the replay.
   */
  invalid: {
    /**
     * How many.
     */
    count: number;
    /**
     * The first of them.
     *
     * @maxItems 10
     */
    examples: {
      position: LogPosition;
      /**
       * The id of the event.
       */
      eventId: string;
      /**
       * What happened, why, and what to do, for a person. Never with a secret in it.
       */
      problem: string;
    }[];
  };
  /**
   * The artifacts that these events name. Handlers that need one which is gone fail.
   */
  artifacts: {
    /**
     * How many are named, each counted once.
     */
    named: number;
    /**
     * Of how many their owner says that it does not have them.
     */
    gone: number;
    /**
     * Of how many nobody said, because their owner did not answer or is not known.
     */
    unknown: number;
    /**
     * The first of those that are gone.
     *
     * @maxItems 10
     *
     * Items: The SHA-256 of some content.
     */
    examples: string[];
  };
}

/**
 * Which events of the log a replay brings. Conditions are joined by and; null is no condition.
 */
export interface ReplaySelection {
  /**
   * Any of these types, all of which the consumer reads.
   *
   * @minItems 1
   * @maxItems 100
   *
   * Items: An event type: `<domain>.<event>.v<major>`.
   */
  types: string[];
  /**
   * Of this tenant; null for all of them, which only the platform's own people may ask for.
   */
  tenant: string | null;
  /**
   * Of this key.
   */
  key: string | null;
  /**
   * With this correlation id.
   */
  correlationId: string | null;
  /**
   * Stored by the stream at or after this time.
   */
  since: string | null;
  /**
   * Stored by the stream before this time.
   */
  until: string | null;
}

/**
 * A repository as the harvester knows it.
 */
export interface Repository {
  /**
   * An identifier: a UUID of version 7, so that ids sort by time.
   */
  repositoryId: string;
  /**
   * The short name people know a repository by.
   */
  name: string;
  /**
   * A local path or a git URL, never with credentials in it.
   */
  location: string;
  /**
   * The branch that is harvested; null is the default branch of the remote.
   */
  branch: string | null;
  /**
   * Whether it is still watched.
   */
  state: 'active' | 'removed';
  /**
   * The newest commit seen, null before the first poll.
   */
  headCommit: string | null;
  /**
   * The commit last harvested, null before the first harvest.
   */
  harvestedCommit: string | null;
  /**
   * When it was last polled.
   */
  lastPolledAt: string | null;
  /**
   * Why the last poll failed, null when it did not.
   */
  lastError: string | null;
  /**
   * When it was registered.
   */
  registeredAt: string;
  /**
   * The commit that the secrets gate withheld at the last harvest, null when that completed. It counts as harvested: a repository is not behind because of it.
   */
  withheldCommit?: string | null;
  /**
   * When its unharvested head was first seen; null when the newest head is harvested or withheld. Freshness is now minus this.
   */
  unharvestedSince: string | null;
}

/**
 * A set of permissions that is given as one.
 */
export type Role = 'owner' | 'admin' | 'operator' | 'auditor' | 'publisher' | 'reader';

/**
 * A login that goes on as long as it is refreshed.
 */
export interface Session {
  /**
   * What a token was given for, and is revoked by: the id of a session or of an API key.
   */
  sid: string;
  /**
   * Whose it is.
   */
  principalId: string;
  /**
   * When somebody logged in.
   */
  createdAt: string;
  /**
   * When it was last refreshed.
   */
  lastUsedAt: string;
  /**
   * Until when it can be refreshed.
   */
  refreshUntil: string;
}

/**
 * A public key that access tokens are checked with, as a member of a JWKS (RFC 7517, RFC 8037).
 */
export interface SigningKey {
  /**
   * Octet key pair.
   */
  kty: 'OKP';
  /**
   * The curve.
   */
  crv: 'Ed25519';
  /**
   * The public key.
   */
  x: string;
  /**
   * The thumbprint of a signing key (RFC 7638), which tokens name as their `kid`.
   */
  kid: string;
  /**
   * The only algorithm it is for.
   */
  alg: 'EdDSA';
  /**
   * It checks signatures.
   */
  use: 'sig';
}

/**
 * A tenant: an organisation whose data nobody else sees.
 */
export interface Tenant {
  /**
   * A tenant, as a subject token; `_platform` for what concerns no tenant.
   */
  tenant: string;
  /**
   * What people call it.
   */
  name: string;
  /**
   * When it was created.
   */
  createdAt: string;
}

/**
 * Tokens by kind, as the `gen_ai.usage.*_tokens` of OpenTelemetry name them. A kind that is left out was not reported, which is not zero; a kind that is not listed is refused, because its price is unknown.
 */
export interface TokenUsage {
  /**
   * All tokens of the input, those of a cache included.
   */
  input?: number;
  /**
   * All tokens of the output, those of reasoning included.
   */
  output?: number;
  /**
   * Tokens of the input that were read from a cache of the provider.
   */
  'cache_read.input'?: number;
  /**
   * Tokens of the input that were written to a cache of the provider.
   */
  'cache_write.input'?: number;
  /**
   * Tokens of the output that were spent on reasoning.
   */
  'reasoning.output'?: number;
}

/**
 * Calls of one model that have no cost, and why.
 */
export interface UnpricedCalls {
  /**
   * A provider of AI models, as in `openai`.
   */
  provider: string;
  /**
   * A model, as its provider names it.
   */
  model: string;
  /**
   * Why a call has no cost: no price table was in effect, it does not have the model, or not one of the kinds of tokens that were used; or the usage was not reported, or cannot be.
   */
  reason: 'no-price-table' | 'unknown-model' | 'unknown-kind' | 'usage-not-reported' | 'usage-contradicts';
  /**
   * How many.
   */
  calls: number;
}

/**
 * An agent did something, mostly by a tool. Arguments and result are hashed, never told.
 */
export interface AgentActionV1Data {
  /**
   * The agent.
   */
  agentId: string;
  /**
   * The action.
   */
  actionId: string;
  /**
   * What it did: called a tool, ran a command, wrote a file, sent a request, handed over to another agent, or asked a person.
   */
  kind: 'tool-call' | 'command' | 'file-change' | 'request' | 'handoff' | 'approval';
  /**
   * The tool, or whatever it acted by.
   */
  tool: string;
  /**
   * How it ended.
   */
  outcome: 'succeeded' | 'failed' | 'cancelled';
  /**
   * What it acted on.
   */
  target?: string;
  /**
   * Of the arguments.
   */
  argumentsHash?: string;
  /**
   * Of the result.
   */
  resultHash?: string;
  /**
   * How long it took.
   */
  durationMs?: number;
  /**
   * Why it failed, in a word.
   */
  code?: string;
  /**
   * The person who allowed it.
   */
  approvedBy?: string;
  context?: AgentContext;
}

/**
 * An agent sent or received a message. The text may stay away: its hash is enough to prove what it was.
 */
export interface AgentMessageV1Data {
  /**
   * The agent.
   */
  agentId: string;
  /**
   * The message.
   */
  messageId: string;
  /**
   * Who speaks: a person, the agent, its instructions, or a tool.
   */
  role: 'user' | 'assistant' | 'system' | 'tool';
  /**
   * The agent it is for.
   */
  to?: string;
  /**
   * Of the text.
   */
  contentHash: string;
  /**
   * The text.
   */
  text?: string;
  /**
   * The message that it answers.
   */
  inReplyTo?: string;
  context?: AgentContext;
}

/**
 * An agent thought about something before it went on.
 */
export interface AgentThinkingV1Data {
  /**
   * The agent.
   */
  agentId: string;
  /**
   * The thought.
   */
  thoughtId: string;
  /**
   * Of the whole thought.
   */
  contentHash?: string;
  /**
   * What it thought about.
   */
  summary?: string;
  /**
   * How many tokens it took.
   */
  tokens?: number;
  /**
   * How long it took.
   */
  durationMs?: number;
  context?: AgentContext;
}

/**
 * How safely a repository uses AI has changed.
 */
export interface AiUsageAssessedV1Data {
  /**
   * The repository.
   */
  repositoryId: string;
  /**
   * The commit harvested.
   */
  commit: string;
  posture: AiPosture;
}

/**
 * A file calls models of a provider, or calls them otherwise than before.
 */
export interface AiUsageDetectedV1Data {
  /**
   * The repository.
   */
  repositoryId: string;
  /**
   * The commit harvested.
   */
  commit: string;
  /**
   * A path inside the repository, with `/` and without a leading one.
   */
  path: string;
  /**
   * A provider of AI models, as in `openai`.
   */
  provider: string;
  /**
   * The calls.
   *
   * @maxItems 100
   */
  calls: AiCall[];
  /**
   * How many there are in all.
   */
  total: number;
}

/**
 * A file does not call models of a provider any more.
 */
export interface AiUsageRemovedV1Data {
  /**
   * The repository.
   */
  repositoryId: string;
  /**
   * The commit harvested.
   */
  commit: string;
  /**
   * A path inside the repository, with `/` and without a leading one.
   */
  path: string;
  /**
   * A provider of AI models, as in `openai`.
   */
  provider: string;
}

/**
 * A model was called. Prompt and answer are hashed, never told; the names follow the `gen_ai` conventions of OpenTelemetry.
 */
export interface AiModelInvokedV1Data {
  /**
   * The call of the model.
   */
  invocationId: string;
  /**
   * A provider of AI models, as in `openai`.
   */
  provider: string;
  /**
   * The model that answered, else the one that was asked for.
   */
  model: string;
  /**
   * What was asked for, as in `gen_ai.operation.name`: `chat`, `embeddings`, `text_completion` …
   */
  operation: string;
  /**
   * How it ended.
   */
  status: 'ok' | 'error' | 'timeout' | 'cancelled' | 'refused';
  /**
   * From the call to the end of the answer.
   */
  latencyMs: number;
  /**
   * Of the whole prompt; null when there was none.
   */
  promptHash: string | null;
  /**
   * Of the whole answer; null when there was none.
   */
  responseHash: string | null;
  usage: TokenUsage;
  /**
   * The model that was asked for, where another one answered.
   */
  requestedModel?: string;
  /**
   * From the call to the beginning of the answer, when it was streamed.
   */
  timeToFirstTokenMs?: number;
  /**
   * Why it stopped, as in `gen_ai.response.finish_reasons`.
   *
   * @maxItems 16
   *
   * Items: A reason.
   */
  finishReasons?: string[];
  /**
   * Why it failed, in a word.
   */
  code?: string;
  cost?: AiCost;
  context?: AgentContext;
}

/**
 * The answer of a model was not let through.
 */
export interface AiOutputRejectedV1Data {
  /**
   * The call of the model.
   */
  invocationId: string;
  /**
   * A provider of AI models, as in `openai`.
   */
  provider: string;
  /**
   * The model that answered, else the one that was asked for.
   */
  model: string;
  /**
   * Of the answer.
   */
  responseHash: string;
  /**
   * Why, all of it.
   *
   * @minItems 1
   * @maxItems 50
   *
   * Items: One reason.
   */
  reasons: {
    /**
     * What refused it: its schema, the filters for personal data and secrets, a limit, a safety check, or a rule of whoever asked.
     */
    check: 'schema' | 'pii' | 'secrets' | 'limits' | 'safety' | 'policy';
    /**
     * Why, in a word.
     */
    code: string;
  }[];
  /**
   * What was done instead: nothing was answered, the model was asked again, the answer was cut or masked, or a person was asked.
   */
  action: 'blocked' | 'retried' | 'redacted' | 'escalated';
  context?: AgentContext;
}

/**
 * Calls of models have cost more than a part of a budget. Once for each threshold and period.
 */
export interface AuditBudgetPassedV1Data {
  budget: AiBudget;
  /**
   * First day of the period.
   */
  from: string;
  /**
   * Last day of the period.
   */
  to: string;
  /**
   * The percentage of the limit that was passed.
   */
  threshold: number;
  /**
   * Cost in the period when that was seen.
   */
  spentNanoDollars: string;
  /**
   * Calls of the period that have no cost: what was spent is more than that.
   */
  unpriced: number;
}

/**
 * A budget was taken away.
 */
export interface AuditBudgetRemovedV1Data {
  /**
   * The name of a budget, unique in its tenant.
   */
  name: string;
  /**
   * The principal that did it; null when it was nobody, or nobody known.
   */
  by: string | null;
}

/**
 * A budget was made or replaced.
 */
export interface AuditBudgetSetV1Data {
  budget: AiBudget;
}

/**
 * Another key signs checkpoints from now on.
 */
export interface AuditCheckpointKeyRotatedV1Data {
  /**
   * The key that signs from now on.
   */
  active: string;
  /**
   * The key that signed until now, null when there was none.
   */
  retired: string | null;
  /**
   * The principal that did it; null when it was nobody, or nobody known.
   */
  by: string | null;
}

/**
 * The event log signed what it is at this moment: the size and the root of its Merkle tree.
 */
export interface AuditCheckpointSignedV1Data {
  /**
   * Why a checkpoint was signed: the first of a day, the first of another hour, or because a proof needed it.
   */
  kind: 'daily' | 'hourly' | 'asked';
  /**
   * The name by which others know an event log.
   */
  origin: string;
  /**
   * Leaves of the tree.
   */
  size: number;
  /**
   * The root of the tree.
   */
  root: string;
  /**
   * When it was signed.
   */
  time: string;
  /**
   * The epoch of the last leaf.
   */
  epoch: number;
  /**
   * The sequence of the last leaf; 0 while the log is empty.
   */
  sequence: number;
  /**
   * The id of the key that signed it.
   */
  keyId: string;
}

/**
 * A day of the event log was older than the log is kept: its rows and files go, its tombstone and the checkpoints stay.
 */
export interface AuditDayDroppedV1Data {
  /**
   * In UTC, as YYYY-MM-DD.
   */
  day: string;
  /**
   * Index of its first leaf in the tree over the log.
   */
  firstLeaf: number;
  /**
   * How many it had.
   */
  leaves: number;
  /**
   * Epoch of the last event that goes, 0 when none does.
   */
  epoch: number;
  /**
   * Sequence of the last event that goes.
   */
  sequence: number;
  /**
   * SHA-256 of the manifest that the tombstone keeps, in hexadecimal.
   */
  manifest: string;
  /**
   * How long the log is kept, in milliseconds.
   */
  keptForMs: number;
}

/**
 * A day of the event log lies in files of its own.
 */
export interface AuditDayExportedV1Data {
  /**
   * In UTC, as YYYY-MM-DD.
   */
  day: string;
  /**
   * Index of its first leaf in the tree over the log.
   */
  firstLeaf: number;
  /**
   * How many it has.
   */
  leaves: number;
  /**
   * Files beside the manifest.
   */
  files: number;
  /**
   * What they take.
   */
  bytes: number;
  /**
   * SHA-256 of the manifest, in hexadecimal.
   */
  manifest: string;
  /**
   * Leaves of the signed checkpoint that proves the day.
   */
  checkpointSize: number;
}

/**
 * The event log began a new epoch: the stream was created or restored.
 */
export interface AuditLogOpenedV1Data {
  /**
   * The new epoch.
   */
  epoch: number;
  /**
   * When the stream was created.
   */
  streamCreated: string;
  /**
   * The epoch before, null for the first.
   */
  previousEpoch: number | null;
  /**
   * The last sequence logged in the epoch before, null for the first.
   */
  lastSequence: number | null;
}

/**
 * A tenant has a new price table for calls of models.
 */
export interface AuditPricesSetV1Data {
  /**
   * The version of a price table: given once, and never to another one.
   */
  version: string;
  /**
   * From when on calls cost what it says.
   */
  effectiveFrom: string;
  /**
   * Models that it has prices of.
   */
  models: number;
  /**
   * Of its prices.
   */
  digest: string;
  /**
   * The principal that did it; null when it was nobody, or nobody known.
   */
  by: string | null;
}

/**
 * Somebody asked for what they may not do, or with a token that is not good. The key is the principal, else the tenant.
 */
export interface AuthAccessRefusedV1Data {
  /**
   * What was asked for.
   */
  operation: string;
  /**
   * The permission that was missing; null when it was the token.
   */
  permission: Permission | null;
  /**
   * The repository it was about, null for the tenant or when unknown.
   */
  repositoryId: string | null;
  /**
   * Why, such as `permission-missing`, `token-expired` or `token-revoked`.
   */
  reason: string;
  /**
   * The principal that did it; null when it was nobody, or nobody known.
   */
  by: string | null;
}

/**
 * The roles of a principal were replaced.
 */
export interface AuthGrantChangedV1Data {
  /**
   * The principal.
   */
  principalId: string;
  /**
   * Its roles until then.
   *
   * @maxItems 20
   */
  before: Grant[];
  /**
   * Its roles from then on.
   *
   * @maxItems 20
   */
  after: Grant[];
  /**
   * The principal that did it; null when it was nobody, or nobody known.
   */
  by: string | null;
}

/**
 * An API key was issued.
 */
export interface AuthKeyIssuedV1Data {
  /**
   * The public part of an API key, by which it is known.
   */
  keyId: string;
  /**
   * Whose it is.
   */
  principalId: string;
  /**
   * The permissions that a key was narrowed to; null when it was not.
   */
  scope: Permission[] | null;
  /**
   * When it stops working, null when never.
   */
  expiresAt: string | null;
  /**
   * The principal that did it; null when it was nobody, or nobody known.
   */
  by: string | null;
}

/**
 * An API key was revoked.
 */
export interface AuthKeyRevokedV1Data {
  /**
   * The public part of an API key, by which it is known.
   */
  keyId: string;
  /**
   * Whose it is.
   */
  principalId: string;
  /**
   * The principal that did it; null when it was nobody, or nobody known.
   */
  by: string | null;
}

/**
 * An API key was used for the first time, or the first time in a day.
 */
export interface AuthKeyUsedV1Data {
  /**
   * The public part of an API key, by which it is known.
   */
  keyId: string;
  /**
   * Whose it is.
   */
  principalId: string;
  /**
   * Whether it was never used before.
   */
  first: boolean;
  /**
   * The principal that did it; null when it was nobody, or nobody known.
   */
  by: string | null;
}

/**
 * After too many wrong passwords a principal cannot log in for a while.
 */
export interface AuthLockedOutV1Data {
  /**
   * The principal.
   */
  principalId: string;
  /**
   * How many there were in a row.
   */
  failures: number;
  /**
   * When it is let try again.
   */
  until: string;
  /**
   * The principal that did it; null when it was nobody, or nobody known.
   */
  by: string | null;
}

/**
 * A password, refresh token or API key was refused. What was typed as a name is not told: it may be a password. The key is the principal, else the tenant.
 */
export interface AuthLoginFailedV1Data {
  /**
   * Whom the name or key belongs to, null when to nobody.
   */
  principalId: string | null;
  /**
   * What somebody shows: a password, the refresh token of a session, or an API key.
   */
  credential: 'password' | 'refresh-token' | 'api-key';
  /**
   * Why, such as `wrong-password`, `unknown-name`, `disabled` or `locked-out`.
   */
  reason: string;
  /**
   * The principal that did it; null when it was nobody, or nobody known.
   */
  by: string | null;
}

/**
 * Somebody logged in with a password; a session began.
 */
export interface AuthLoginSucceededV1Data {
  /**
   * The principal.
   */
  principalId: string;
  /**
   * What a token was given for, and is revoked by: the id of a session or of an API key.
   */
  sid: string;
  /**
   * The principal that did it; null when it was nobody, or nobody known.
   */
  by: string | null;
}

/**
 * A password was set.
 */
export interface AuthPasswordChangedV1Data {
  /**
   * The principal.
   */
  principalId: string;
  /**
   * The principal that did it; null when it was nobody, or nobody known.
   */
  by: string | null;
}

/**
 * A person or a service account was added.
 */
export interface AuthPrincipalAddedV1Data {
  /**
   * The principal.
   */
  principalId: string;
  /**
   * A person, a program of a tenant, or one of Granary's own services.
   */
  kind: 'person' | 'service-account' | 'service';
  /**
   * Which roles it has, and on what.
   *
   * @maxItems 20
   */
  grants: Grant[];
  /**
   * The principal that did it; null when it was nobody, or nobody known.
   */
  by: string | null;
}

/**
 * A principal was disabled; its tokens are revoked.
 */
export interface AuthPrincipalDisabledV1Data {
  /**
   * The principal.
   */
  principalId: string;
  /**
   * The principal that did it; null when it was nobody, or nobody known.
   */
  by: string | null;
}

/**
 * A disabled principal was enabled again.
 */
export interface AuthPrincipalEnabledV1Data {
  /**
   * The principal.
   */
  principalId: string;
  /**
   * The principal that did it; null when it was nobody, or nobody known.
   */
  by: string | null;
}

/**
 * A session ended before its time; its tokens are revoked.
 */
export interface AuthSessionEndedV1Data {
  /**
   * The principal.
   */
  principalId: string;
  /**
   * What a token was given for, and is revoked by: the id of a session or of an API key.
   */
  sid: string;
  /**
   * Why: somebody logged out; somebody else ended it; an old refresh token was used again, so it is in wrong hands; the principal was disabled; the password was changed.
   */
  why: 'logout' | 'revoked' | 'reuse' | 'disabled' | 'password-changed';
  /**
   * The principal that did it; null when it was nobody, or nobody known.
   */
  by: string | null;
}

/**
 * The key that signs tokens was changed for the next one.
 */
export interface AuthSigningKeyRotatedV1Data {
  /**
   * The key that signs from now on.
   */
  active: string;
  /**
   * The key that signed until now, null when there was none.
   */
  retired: string | null;
  /**
   * The principal that did it; null when it was nobody, or nobody known.
   */
  by: string | null;
}

/**
 * A tenant was created, with its first owner.
 */
export interface AuthTenantCreatedV1Data {
  /**
   * A tenant, as a subject token; `_platform` for what concerns no tenant.
   */
  tenant: string;
  /**
   * Its first owner.
   */
  administrator: string;
  /**
   * The principal that did it; null when it was nobody, or nobody known.
   */
  by: string | null;
}

/**
 * A backup was made. Whether it is good is told by `backup.verified.v1`.
 */
export interface BackupCreatedV1Data {
  /**
   * The run that did it.
   */
  runId: string;
  backup: Backup;
  /**
   * How long it took.
   */
  milliseconds: number;
  /**
   * Who asked for it, null when it was due.
   */
  by: string | null;
}

/**
 * A backup could not be made or verified.
 */
export interface BackupFailedV1Data {
  /**
   * The run that did it.
   */
  runId: string;
  /**
   * What is done.
   */
  kind: 'create' | 'verify';
  /**
   * The backup that it was about, null when there is none.
   */
  backup: string | null;
  /**
   * A short, stable, kebab-case name of what went wrong.
   */
  code: string;
  /**
   * What happened, why, and what to do, for a person. Never with a secret in it.
   */
  message: string;
  /**
   * Who asked for it, null when it was due.
   */
  by: string | null;
}

/**
 * A backup was restored into scratch servers, and all of it was found to be right.
 */
export interface BackupVerifiedV1Data {
  /**
   * The run that did it.
   */
  runId: string;
  backup: Backup;
  /**
   * How long it took.
   */
  milliseconds: number;
  /**
   * Who asked for it, null when it was due.
   */
  by: string | null;
  /**
   * The backups that are not kept any longer.
   *
   * @maxItems 1000
   *
   * Items: A backup, by the moment that it shows.
   */
  removed: string[];
}

/**
 * A cycle went over all caches.
 */
export interface CacheCycleCompletedV1Data {
  /**
   * An identifier: a UUID of version 7, so that ids sort by time.
   */
  cycleId: string;
  /**
   * Because it was due, or somebody asked.
   */
  reason: 'due' | 'requested';
  /**
   * Entries that were there.
   */
  entries: number;
  /**
   * What they took.
   */
  bytes: number;
  /**
   * Of this in use.
   */
  usedBytes: number;
  /**
   * Entries that went.
   */
  evictedEntries: number;
  /**
   * What they had taken.
   */
  evictedBytes: number;
  /**
   * What was saved by packing.
   */
  packedBytes: number;
  /**
   * By how much the caches are over their budgets after it, because that is in use.
   */
  overBytes: number;
  /**
   * How long it took.
   */
  durationMs: number;
}

/**
 * A cycle could not do everything. What it did stays done; it is tried again soon.
 */
export interface CacheCycleFailedV1Data {
  /**
   * An identifier: a UUID of version 7, so that ids sort by time.
   */
  cycleId: string;
  /**
   * Because it was due, or somebody asked.
   */
  reason: 'due' | 'requested';
  /**
   * Entries that were there.
   */
  entries: number;
  /**
   * What they took.
   */
  bytes: number;
  /**
   * Of this in use.
   */
  usedBytes: number;
  /**
   * Entries that went.
   */
  evictedEntries: number;
  /**
   * What they had taken.
   */
  evictedBytes: number;
  /**
   * What was saved by packing.
   */
  packedBytes: number;
  /**
   * By how much the caches are over their budgets after it, because that is in use.
   */
  overBytes: number;
  /**
   * How long it took.
   */
  durationMs: number;
  /**
   * What could not be done.
   *
   * @minItems 1
   * @maxItems 100
   */
  failures: CacheFailure[];
}

/**
 * Entries of a tenant were deleted from a cache.
 */
export interface CacheEntriesEvictedV1Data {
  /**
   * An identifier: a UUID of version 7, so that ids sort by time.
   */
  cycleId: string;
  /**
   * The service that keeps it.
   */
  owner: string;
  /**
   * What they had taken.
   */
  bytes: number;
  /**
   * All that went.
   *
   * @minItems 1
   * @maxItems 250
   *
   * Items: An entry.
   */
  entries: {
    /**
     * What is kept: an `artifact`, the `facts` of files that were last used on one day, or the `mirror` of a repository.
     */
    kind: 'artifact' | 'facts' | 'mirror';
    /**
     * What an entry of a cache is known by, beside its tenant and kind.
     */
    id: string;
    /**
     * What it had taken.
     */
    bytes: number;
    /**
     * Not used for too long, or over the budget and the longest unused.
     */
    why: 'expired' | 'over-budget';
  }[];
}

/**
 * A held event was given up for good; the events behind it go on.
 */
export interface ConsumerDiscardedV1Data {
  /**
   * The consumer.
   */
  consumer: string;
  /**
   * The id of the event, as far as it could be read.
   */
  eventId: string;
  /**
   * The type of the event, as far as it could be read.
   */
  eventType: string;
  /**
   * The source of the event, as far as it could be read.
   */
  eventSource: string;
  /**
   * The stream sequence of the event.
   */
  position: number;
  /**
   * How often it was tried.
   */
  attempts: number;
  /**
   * A short, stable, kebab-case name of what went wrong.
   */
  code: string;
  /**
   * What happened, why, and what to do, for a person. Never with a secret in it.
   */
  message: string;
}

/**
 * A consumer gave up on an event and keeps it until somebody decides.
 */
export interface ConsumerHeldV1Data {
  /**
   * The consumer.
   */
  consumer: string;
  /**
   * The id of the event, as far as it could be read.
   */
  eventId: string;
  /**
   * The type of the event, as far as it could be read.
   */
  eventType: string;
  /**
   * The source of the event, as far as it could be read.
   */
  eventSource: string;
  /**
   * The stream sequence of the event.
   */
  position: number;
  /**
   * How often it was tried.
   */
  attempts: number;
  /**
   * A short, stable, kebab-case name of what went wrong.
   */
  code: string;
  /**
   * What happened, why, and what to do, for a person. Never with a secret in it.
   */
  message: string;
}

/**
 * A held event is tried again because somebody asked for it.
 */
export interface ConsumerRedrivenV1Data {
  /**
   * The consumer.
   */
  consumer: string;
  /**
   * The id of the event, as far as it could be read.
   */
  eventId: string;
  /**
   * The type of the event, as far as it could be read.
   */
  eventType: string;
  /**
   * The source of the event, as far as it could be read.
   */
  eventSource: string;
  /**
   * The stream sequence of the event.
   */
  position: number;
  /**
   * How often it was tried.
   */
  attempts: number;
  /**
   * A short, stable, kebab-case name of what went wrong.
   */
  code: string;
  /**
   * What happened, why, and what to do, for a person. Never with a secret in it.
   */
  message: string;
}

/**
 * Modules now import each other in a circle.
 */
export interface CycleAppearedV1Data {
  /**
   * The repository.
   */
  repositoryId: string;
  /**
   * The commit the graph was made of.
   */
  commit: string;
  /**
   * The modules of the cycle, sorted.
   *
   * @minItems 1
   * @maxItems 1000
   *
   * Items: A path inside the repository, with `/` and without a leading one.
   */
  modules: string[];
}

/**
 * A circle of imports is gone.
 */
export interface CycleResolvedV1Data {
  /**
   * The repository.
   */
  repositoryId: string;
  /**
   * The commit the graph was made of.
   */
  commit: string;
  /**
   * The modules of the cycle, sorted.
   *
   * @minItems 1
   * @maxItems 1000
   *
   * Items: A path inside the repository, with `/` and without a leading one.
   */
  modules: string[];
}

/**
 * The repository depends on one more package.
 */
export interface DependencyAddedV1Data {
  /**
   * The repository.
   */
  repositoryId: string;
  /**
   * The commit the graph was made of.
   */
  commit: string;
  /**
   * A package URL, as in `pkg:npm/%40scope/name@1.2.3`.
   */
  purl: string;
  /**
   * The name of a package in its registry.
   */
  name: string;
  /**
   * The version, null when nothing pins one.
   */
  version: string | null;
  /**
   * What a dependency is needed for.
   */
  scope: 'runtime' | 'dev' | 'peer' | 'optional';
  /**
   * Named by a manifest of the repository itself, not only by another package.
   */
  direct: boolean;
}

/**
 * Version, scope or directness of a dependency changed.
 */
export interface DependencyChangedV1Data {
  /**
   * The repository.
   */
  repositoryId: string;
  /**
   * The commit the graph was made of.
   */
  commit: string;
  /**
   * A package URL, as in `pkg:npm/%40scope/name@1.2.3`.
   */
  purl: string;
  /**
   * The name of a package in its registry.
   */
  name: string;
  /**
   * As it was.
   */
  before: DependencyState;
  /**
   * As it is.
   */
  after: DependencyState;
}

/**
 * The repository no longer depends on a package.
 */
export interface DependencyRemovedV1Data {
  /**
   * The repository.
   */
  repositoryId: string;
  /**
   * The commit the graph was made of.
   */
  commit: string;
  /**
   * A package URL, as in `pkg:npm/%40scope/name@1.2.3`.
   */
  purl: string;
  /**
   * The name of a package in its registry.
   */
  name: string;
  /**
   * The version, null when nothing pins one.
   */
  version: string | null;
  /**
   * What a dependency is needed for.
   */
  scope: 'runtime' | 'dev' | 'peer' | 'optional';
  /**
   * Named by a manifest of the repository itself, not only by another package.
   */
  direct: boolean;
}

/**
 * The repository has one more entry point.
 */
export interface EntrypointAddedV1Data {
  /**
   * The repository.
   */
  repositoryId: string;
  /**
   * The commit the graph was made of.
   */
  commit: string;
  /**
   * What makes a module an entry point: a program, a library's main module, an exported path, a start script, a workspace that names nothing else.
   */
  kind: 'bin' | 'main' | 'export' | 'script' | 'workspace';
  /**
   * The command, export, script or workspace.
   */
  name: string;
  /**
   * The module or file it starts at.
   */
  path: string;
}

/**
 * An entry point is gone.
 */
export interface EntrypointRemovedV1Data {
  /**
   * The repository.
   */
  repositoryId: string;
  /**
   * The commit the graph was made of.
   */
  commit: string;
  /**
   * What makes a module an entry point: a program, a library's main module, an exported path, a start script, a workspace that names nothing else.
   */
  kind: 'bin' | 'main' | 'export' | 'script' | 'workspace';
  /**
   * The command, export, script or workspace.
   */
  name: string;
  /**
   * The module or file it starts at.
   */
  path: string;
}

/**
 * Something went wrong on an agent platform.
 */
export interface ErrorOccurredV1Data {
  /**
   * This occurrence.
   */
  errorId: string;
  /**
   * The part in which it happened.
   */
  component: string;
  /**
   * How bad it is.
   */
  severity: 'debug' | 'info' | 'warning' | 'error' | 'fatal';
  /**
   * What went wrong, in a word.
   */
  code: string;
  /**
   * What happened, for a person, in the words of whoever announced it.
   */
  message: string;
  /**
   * The same for errors of one cause.
   */
  fingerprint?: string;
  /**
   * Where in the program.
   */
  stack?: string;
  /**
   * Whether trying again can help.
   */
  retryable?: boolean;
  context?: AgentContext;
}

/**
 * An execution ended, well or not.
 */
export interface ExecutionCompletedV1Data {
  /**
   * The execution.
   */
  executionId: string;
  /**
   * How it ended.
   */
  outcome: 'succeeded' | 'failed' | 'cancelled';
  /**
   * From its start to its end.
   */
  durationMs: number;
  /**
   * Why it failed, in a word.
   */
  code?: string;
  /**
   * What happened, for a person, in the words of whoever announced it.
   */
  message?: string;
  /**
   * How many steps it took.
   */
  steps?: number;
  /**
   * The tokens of all its calls of models.
   */
  usage?: TokenUsage;
  /**
   * The cost of all its calls of models.
   */
  cost?: AiCost;
  context?: AgentContext;
}

/**
 * A program, an agent or a step of a workflow began to run.
 */
export interface ExecutionStartedV1Data {
  /**
   * The execution.
   */
  executionId: string;
  /**
   * What runs, such as `agent`, `tool` or `step`.
   */
  kind: string;
  /**
   * The execution that started it.
   */
  parentExecutionId?: string;
  /**
   * Which try it is, from 1.
   */
  attempt?: number;
  /**
   * Where it runs.
   */
  workerId?: string;
  context?: AgentContext;
}

/**
 * Somebody decided that a finding may stay.
 */
export interface FindingAllowedV1Data {
  /**
   * The repository.
   */
  repositoryId: string;
  finding: Finding;
  /**
   * Why.
   */
  reason: string;
}

/**
 * Somebody took back that a finding may stay.
 */
export interface FindingRevokedV1Data {
  /**
   * The repository.
   */
  repositoryId: string;
  finding: Finding;
  /**
   * Why.
   */
  reason: string;
}

/**
 * The findings of a repository have changed. More differences than are announced one by one are in the artifact.
 */
export interface FindingSummarizedV1Data {
  /**
   * The repository.
   */
  repositoryId: string;
  /**
   * The commit harvested.
   */
  commit: string;
  /**
   * The harvest job.
   */
  jobId: string;
  counts: FindingCounts;
  /**
   * Findings that are new.
   */
  detected: number;
  /**
   * Findings that are gone.
   */
  resolved: number;
  /**
   * All differences, null when each was announced.
   */
  differences: ArtifactRef | null;
}

/**
 * The project graph of a repository at a commit exists.
 */
export interface GraphNormalizedV1Data {
  /**
   * The repository.
   */
  repositoryId: string;
  /**
   * The short name people know a repository by.
   */
  name: string;
  /**
   * The harvest it was made from.
   */
  jobId: string;
  /**
   * The name git gives to an object: 40 (SHA-1) or 64 (SHA-256) hexadecimal digits.
   */
  commit: string;
  /**
   * The hash of the canonical graph; equal graphs have equal hashes.
   */
  graphHash: string;
  /**
   * The hash of the graph before, null on the first.
   */
  previousHash: string | null;
  /**
   * The commit of the graph before, null on the first.
   */
  previousCommit: string | null;
  /**
   * The graph itself.
   */
  graph: ArtifactRef;
  counts: GraphCounts;
  /**
   * How thoroughly a repository was read: 1 existing artifacts reused, 2 full analysis, 3 light fallback scan.
   */
  tier: 1 | 2 | 3;
  /**
   * All differences as one artifact when there are more than 1,000; then they are not announced one by one.
   */
  changes: ArtifactRef | null;
  /**
   * How many differences to the graph before, null on the first.
   */
  changeCount: number | null;
  /**
   * How long it took.
   */
  durationMs: number;
}

/**
 * The secrets gate withheld a commit: it holds open findings of high severity. What was known before stands.
 */
export interface HarvestBlockedV1Data {
  /**
   * The harvest job.
   */
  jobId: string;
  /**
   * The repository.
   */
  repositoryId: string;
  /**
   * The commit harvested.
   */
  commit: string;
  /**
   * A git ref, such as `refs/heads/main`.
   */
  ref: string;
  counts: FindingCounts;
  /**
   * Files that hold them, at most 20.
   *
   * @maxItems 20
   *
   * Items: A path inside the repository, with `/` and without a leading one.
   */
  paths: string[];
  /**
   * What happened, why, and what to do, for a person. Never with a secret in it.
   */
  message: string;
}

/**
 * Somebody cancelled a harvest.
 */
export interface HarvestCancelledV1Data {
  /**
   * The harvest job.
   */
  jobId: string;
  /**
   * The repository.
   */
  repositoryId: string;
  /**
   * Where it was.
   */
  stage: 'pending' | 'fetching' | 'scanning' | 'parsing' | 'storing';
}

/**
 * A repository was read at one commit; what was found is in the fact pack.
 */
export interface HarvestCompletedV1Data {
  /**
   * The harvest job.
   */
  jobId: string;
  /**
   * The repository.
   */
  repositoryId: string;
  /**
   * The short name people know a repository by.
   */
  name: string;
  /**
   * A git ref, such as `refs/heads/main`.
   */
  ref: string;
  /**
   * The commit harvested.
   */
  commit: string;
  /**
   * The commit harvested before, null on the first harvest.
   */
  base: string | null;
  /**
   * When the commit was made.
   */
  committedAt: string;
  /**
   * When the first change was seen that this harvest brings; null when it brings none.
   */
  behindSince?: string | null;
  /**
   * The fact pack.
   */
  facts: ArtifactRef;
  /**
   * The paths changed since `base`, null on the first harvest.
   */
  changes: ArtifactRef | null;
  /**
   * How thoroughly a repository was read: 1 existing artifacts reused, 2 full analysis, 3 light fallback scan.
   */
  tier: 1 | 2 | 3;
  /**
   * Why this tier, for people; empty when nothing stood in the way.
   *
   * @maxItems 100
   *
   * Items: A reason.
   */
  tierReasons: string[];
  /**
   * How many files.
   */
  files: {
    /**
     * Paths of the tree.
     */
    total: number;
    /**
     * Files read in this harvest.
     */
    analysed: number;
    /**
     * Files whose facts were known already.
     */
    reused: number;
    /**
     * Files left out, with a reason.
     */
    skipped: number;
  };
  /**
   * The languages, largest first.
   *
   * @maxItems 200
   */
  languages: LanguageShare[];
  /**
   * Where the time went, in milliseconds.
   */
  durations: {
    /**
     * Fetching.
     */
    fetchMs: number;
    /**
     * Listing and comparing trees.
     */
    scanMs: number;
    /**
     * Reading files.
     */
    parseMs: number;
    /**
     * Storing facts and artifacts.
     */
    storeMs: number;
    /**
     * Everything, waiting included.
     */
    totalMs: number;
  };
  /**
   * How the files were read, by tier.
   *
   * @maxItems 3
   *
   * Items: One tier.
   */
  tiers: {
    /**
     * How thoroughly a repository was read: 1 existing artifacts reused, 2 full analysis, 3 light fallback scan.
     */
    tier: 1 | 2 | 3;
    /**
     * Files read so.
     */
    files: number;
    /**
     * Time spent on it, by all workers together.
     */
    durationMs: number;
  }[];
  findings: FindingCounts;
}

/**
 * A harvest ended without a result.
 */
export interface HarvestFailedV1Data {
  /**
   * The harvest job.
   */
  jobId: string;
  /**
   * The repository.
   */
  repositoryId: string;
  /**
   * Where it failed.
   */
  stage: 'pending' | 'fetching' | 'scanning' | 'parsing' | 'storing';
  /**
   * A short, stable, kebab-case name of what went wrong.
   */
  code: string;
  /**
   * What happened, why, and what to do, for a person. Never with a secret in it.
   */
  message: string;
  /**
   * Whether trying again can help.
   */
  retryable: boolean;
}

/**
 * A harvest was asked for and its job exists.
 */
export interface HarvestRequestedV1Data {
  /**
   * The harvest job.
   */
  jobId: string;
  /**
   * The repository.
   */
  repositoryId: string;
  /**
   * Why a harvest was asked for.
   */
  reason: 'manual' | 'registered' | 'head-moved' | 'retry';
}

/**
 * Work on a harvest began.
 */
export interface HarvestStartedV1Data {
  /**
   * The harvest job.
   */
  jobId: string;
  /**
   * The repository.
   */
  repositoryId: string;
  /**
   * The ref harvested, null while unknown.
   */
  ref: string | null;
}

/**
 * Documents were taken into a collection in which agents look things up.
 */
export interface KnowledgeIndexedV1Data {
  /**
   * The collection: an index, a store or a knowledge base.
   */
  collection: string;
  /**
   * How many documents.
   */
  documents: number;
  /**
   * Into how many pieces they were cut.
   */
  chunks: number;
  /**
   * Their size.
   */
  bytes?: number;
  /**
   * Whose model made the vectors.
   */
  provider?: string;
  /**
   * The model that made the vectors.
   */
  model?: string;
  /**
   * How long it took.
   */
  durationMs?: number;
  /**
   * Of what was indexed.
   */
  contentHash?: string;
  context?: AgentContext;
}

/**
 * Somebody looked something up in a collection. The question is hashed, never told.
 */
export interface KnowledgeRetrievedV1Data {
  /**
   * The collection: an index, a store or a knowledge base.
   */
  collection: string;
  /**
   * Of the question.
   */
  queryHash: string;
  /**
   * How many answers there were.
   */
  results: number;
  /**
   * How long it took.
   */
  latencyMs: number;
  /**
   * The documents they came from, the best first.
   *
   * @maxItems 100
   *
   * Items: An id that somebody outside of Granary gave: opaque.
   */
  documentIds?: string[];
  /**
   * How well the best one fits, by the measure of the collection.
   */
  topScore?: number;
  context?: AgentContext;
}

/**
 * A module joined the graph.
 */
export interface ModuleAddedV1Data {
  /**
   * The repository.
   */
  repositoryId: string;
  /**
   * The commit the graph was made of.
   */
  commit: string;
  /**
   * A path inside the repository, with `/` and without a leading one.
   */
  path: string;
  /**
   * A language, as in `typescript` or `javascript`.
   */
  language: string;
}

/**
 * The imports of a module changed.
 */
export interface ModuleChangedV1Data {
  /**
   * The repository.
   */
  repositoryId: string;
  /**
   * The commit the graph was made of.
   */
  commit: string;
  /**
   * A path inside the repository, with `/` and without a leading one.
   */
  path: string;
  /**
   * A language, as in `typescript` or `javascript`.
   */
  language: string;
  /**
   * Imports it has now and had not before.
   *
   * @maxItems 1000
   */
  importsAdded: ImportEdge[];
  /**
   * Imports it had and has no more.
   *
   * @maxItems 1000
   */
  importsRemoved: ImportEdge[];
}

/**
 * A module left the graph.
 */
export interface ModuleRemovedV1Data {
  /**
   * The repository.
   */
  repositoryId: string;
  /**
   * The commit the graph was made of.
   */
  commit: string;
  /**
   * A path inside the repository, with `/` and without a leading one.
   */
  path: string;
  /**
   * A language, as in `typescript` or `javascript`.
   */
  language: string;
}

/**
 * A process of a service counted events that objectives are measured by. Of all of them the figures of an objective follow, whatever Prometheus knows.
 */
export interface ObjectiveTalliedV1Data {
  /**
   * The service.
   */
  service: string;
  /**
   * The process that counted, since its start.
   */
  instance: string;
  /**
   * Its first tally is 1; one that comes twice is one.
   */
  number: number;
  /**
   * When it began to count.
   */
  from: string;
  /**
   * When it ended.
   */
  until: string;
  /**
   * What it counted.
   *
   * @minItems 1
   * @maxItems 20
   *
   * Items: One objective.
   */
  counts: {
    /**
     * The objective, as deploy/slo names it.
     */
    objective: string;
    /**
     * Events that kept it.
     */
    good: number;
    /**
     * All of its events.
     */
    total: number;
  }[];
}

/**
 * Personal data was found in a file of the newest commit.
 */
export interface PiiDetectedV1Data {
  /**
   * The repository.
   */
  repositoryId: string;
  /**
   * The commit harvested.
   */
  commit: string;
  finding: Finding;
}

/**
 * Personal data was met and something was done about it. It tells kinds and numbers, never the data.
 */
export interface PiiHandledV1Data {
  /**
   * This occasion.
   */
  handlingId: string;
  /**
   * What was looked at: a prompt, the answer of a model, an action before it is done, what a tool gave back, what was looked up, or what is kept.
   */
  stage: 'prompt' | 'response' | 'action' | 'tool-result' | 'retrieval' | 'storage';
  /**
   * What was done with what, sorted by category.
   *
   * @minItems 1
   * @maxItems 100
   *
   * Items: One category and what was done with it.
   */
  handled: {
    /**
     * The kind of personal data, as findings name it: `email`, `phone`, `card` …
     */
    category: string;
    /**
     * What was done: it was removed, masked, replaced by a token, encrypted or hashed, the whole was stopped, or it was let through.
     */
    action: 'removed' | 'masked' | 'tokenized' | 'encrypted' | 'hashed' | 'blocked' | 'allowed';
    /**
     * How often.
     */
    count: number;
  }[];
  /**
   * What did it: a program, with its version.
   */
  handler?: string;
  /**
   * Of what it was found in.
   */
  contentHash?: string;
  /**
   * The call of a model that it is about.
   */
  invocationId?: string;
  context?: AgentContext;
}

/**
 * Personal data that was found before is not in the newest commit any more.
 */
export interface PiiResolvedV1Data {
  /**
   * The repository.
   */
  repositoryId: string;
  /**
   * The commit harvested.
   */
  commit: string;
  /**
   * What a finding is known by: a hash of kind, rule, path and keyed hash, not of its line.
   */
  id: string;
  /**
   * The rule that found it.
   */
  rule: string;
  /**
   * How much harm it may do.
   */
  severity: 'high' | 'medium' | 'low';
  /**
   * A path inside the repository, with `/` and without a leading one.
   */
  path: string;
}

/**
 * All workers of a pool were busy while work waited.
 */
export interface PoolExhaustedV1Data {
  /**
   * The pool.
   */
  poolId: string;
  /**
   * How many workers it has.
   */
  size: number;
  /**
   * How much work waited.
   */
  waiting: number;
  /**
   * How long the oldest of it had waited.
   */
  oldestWaitMs: number;
  context?: AgentContext;
}

/**
 * A pool has more workers than before, or fewer.
 */
export interface PoolScaledV1Data {
  /**
   * The pool.
   */
  poolId: string;
  /**
   * How many there were.
   */
  from: number;
  /**
   * How many there are.
   */
  to: number;
  /**
   * Why, such as `queue-length` or `schedule`.
   */
  reason?: string;
  context?: AgentContext;
}

/**
 * A replay was ended before it was through.
 */
export interface ReplayCancelledV1Data {
  /**
   * The job.
   */
  jobId: string;
  /**
   * The one consumer that it is for.
   */
  consumer: string;
  /**
   * Who cancelled it.
   */
  by: string;
  /**
   * Events that the consumer has handled so far.
   */
  handled: number;
  /**
   * Events that it could not handle so far.
   */
  failed: number;
}

/**
 * A replay is through.
 */
export interface ReplayCompletedV1Data {
  /**
   * The job.
   */
  jobId: string;
  /**
   * The one consumer that it is for.
   */
  consumer: string;
  /**
   * Events that the consumer has handled.
   */
  handled: number;
  /**
   * Events that it could not handle; the job says which.
   */
  failed: number;
  /**
   * From its start to its end.
   */
  durationMs: number;
}

/**
 * A replay ended because it could not go on.
 */
export interface ReplayFailedV1Data {
  /**
   * The job.
   */
  jobId: string;
  /**
   * The one consumer that it is for.
   */
  consumer: string;
  /**
   * A short, stable, kebab-case name of what went wrong.
   */
  code: string;
  /**
   * What happened, why, and what to do, for a person. Never with a secret in it.
   */
  message: string;
  /**
   * Events that the consumer has handled so far.
   */
  handled: number;
  /**
   * Events that it could not handle so far.
   */
  failed: number;
}

/**
 * A replay was made to stand still.
 */
export interface ReplayPausedV1Data {
  /**
   * The job.
   */
  jobId: string;
  /**
   * The one consumer that it is for.
   */
  consumer: string;
  /**
   * Who paused it.
   */
  by: string;
  /**
   * Events that the consumer has handled so far.
   */
  handled: number;
  /**
   * Events that it could not handle so far.
   */
  failed: number;
}

/**
 * The dry run of a replay is through: it can be started.
 */
export interface ReplayPlannedV1Data {
  /**
   * The job.
   */
  jobId: string;
  /**
   * The one consumer that it is for.
   */
  consumer: string;
  selection: ReplaySelection;
  /**
   * Why; it is told with the events of the job.
   */
  reason: string;
  /**
   * At most so many events a second; null without a limit.
   */
  rate: number | null;
  /**
   * Who asked for it.
   */
  by: string;
  plan: ReplayPlan;
}

/**
 * A replay goes on.
 */
export interface ReplayResumedV1Data {
  /**
   * The job.
   */
  jobId: string;
  /**
   * The one consumer that it is for.
   */
  consumer: string;
  /**
   * Who resumed it.
   */
  by: string;
  /**
   * Events that the consumer has handled so far.
   */
  handled: number;
  /**
   * Events that it could not handle so far.
   */
  failed: number;
}

/**
 * A replay was started: events of the log come to a consumer again.
 */
export interface ReplayStartedV1Data {
  /**
   * The job.
   */
  jobId: string;
  /**
   * The one consumer that it is for.
   */
  consumer: string;
  selection: ReplaySelection;
  /**
   * Why; it is told with the events of the job.
   */
  reason: string;
  /**
   * At most so many events a second; null without a limit.
   */
  rate: number | null;
  /**
   * Who started it.
   */
  by: string;
  /**
   * Events that match.
   */
  events: number;
}

/**
 * A poll saw a new commit on the harvested branch.
 */
export interface RepositoryHeadMovedV1Data {
  /**
   * The repository.
   */
  repositoryId: string;
  /**
   * A git ref, such as `refs/heads/main`.
   */
  ref: string;
  /**
   * The commit before, null on the first sight.
   */
  before: string | null;
  /**
   * The commit now.
   */
  commit: string;
  /**
   * When it was first seen; freshness counts from here.
   */
  seenAt: string;
}

/**
 * A repository is watched from now on.
 */
export interface RepositoryRegisteredV1Data {
  /**
   * The repository.
   */
  repositoryId: string;
  /**
   * The short name people know a repository by.
   */
  name: string;
  /**
   * Where it is, with credentials removed.
   */
  location: string;
  /**
   * The branch that is harvested; null is the default branch of the remote.
   */
  branch: string | null;
}

/**
 * A repository is no longer watched.
 */
export interface RepositoryRemovedV1Data {
  /**
   * The repository.
   */
  repositoryId: string;
  /**
   * The short name people know a repository by.
   */
  name: string;
}

/**
 * Something was checked for harm. What was checked is hashed, never told.
 */
export interface SafetyCheckedV1Data {
  /**
   * The check.
   */
  checkId: string;
  /**
   * What was looked at: a prompt, the answer of a model, an action before it is done, what a tool gave back, what was looked up, or what is kept.
   */
  stage: 'prompt' | 'response' | 'action' | 'tool-result' | 'retrieval' | 'storage';
  /**
   * From 0, unsafe, to 1, safe.
   */
  score: number;
  /**
   * How risky it is.
   */
  risk: 'none' | 'low' | 'medium' | 'high' | 'critical';
  /**
   * What was decided.
   */
  verdict: 'allowed' | 'flagged' | 'blocked';
  /**
   * What checked it: a program or a model, with its version.
   */
  checker: string;
  /**
   * How it looks in each respect, such as `violence` or `prompt-injection`.
   *
   * @maxItems 50
   *
   * Items: One respect.
   */
  categories?: {
    /**
     * In which respect.
     */
    category: string;
    /**
     * From 0, unsafe, to 1, safe.
     */
    score: number;
  }[];
  /**
   * Of what was checked.
   */
  contentHash?: string;
  /**
   * The call of a model that it is about.
   */
  invocationId?: string;
  /**
   * How long it took.
   */
  latencyMs?: number;
  context?: AgentContext;
}

/**
 * A secret was found in a file of the newest commit.
 */
export interface SecretDetectedV1Data {
  /**
   * The repository.
   */
  repositoryId: string;
  /**
   * The commit harvested.
   */
  commit: string;
  finding: Finding;
}

/**
 * A secret that was found before is not in the newest commit any more.
 */
export interface SecretResolvedV1Data {
  /**
   * The repository.
   */
  repositoryId: string;
  /**
   * The commit harvested.
   */
  commit: string;
  /**
   * What a finding is known by: a hash of kind, rule, path and keyed hash, not of its line.
   */
  id: string;
  /**
   * The rule that found it.
   */
  rule: string;
  /**
   * How much harm it may do.
   */
  severity: 'high' | 'medium' | 'low';
  /**
   * A path inside the repository, with `/` and without a leading one.
   */
  path: string;
}

/**
 * A task will not be done.
 */
export interface TaskCancelledV1Data {
  /**
   * The task.
   */
  taskId: string;
  /**
   * Why.
   */
  reason?: string;
  /**
   * Who decided so: a person, an agent or a program.
   */
  cancelledBy?: string;
  context?: AgentContext;
}

/**
 * A task was done.
 */
export interface TaskCompletedV1Data {
  /**
   * The task.
   */
  taskId: string;
  /**
   * From its start to its end.
   */
  durationMs: number;
  /**
   * What came of it.
   */
  summary?: string;
  /**
   * Of the whole result.
   */
  resultHash?: string;
  /**
   * The tokens of all its calls of models.
   */
  usage?: TokenUsage;
  /**
   * The cost of all its calls of models.
   */
  cost?: AiCost;
  context?: AgentContext;
}

/**
 * Somebody gave a task.
 */
export interface TaskCreatedV1Data {
  /**
   * The task.
   */
  taskId: string;
  /**
   * What kind of task, such as `code-review`.
   */
  kind?: string;
  /**
   * What it is about, in a line.
   */
  title?: string;
  /**
   * What is to be done.
   */
  description?: string;
  /**
   * The task that it is a part of.
   */
  parentTaskId?: string;
  /**
   * The agent that is to do it.
   */
  assignedTo?: string;
  /**
   * Who gave it: a person, an agent or a program.
   */
  createdBy?: string;
  /**
   * How much it matters.
   */
  priority?: 'low' | 'normal' | 'high' | 'urgent';
  /**
   * Until when it should be done.
   */
  dueAt?: string;
  context?: AgentContext;
}

/**
 * A try to do a task failed.
 */
export interface TaskFailedV1Data {
  /**
   * The task.
   */
  taskId: string;
  /**
   * Which try it is, from 1.
   */
  attempt: number;
  /**
   * Why, in a word.
   */
  code: string;
  /**
   * What happened, for a person, in the words of whoever announced it.
   */
  message: string;
  /**
   * Whether it is tried again.
   */
  willRetry: boolean;
  /**
   * From its start to its failure.
   */
  durationMs?: number;
  context?: AgentContext;
}

/**
 * Work on a task began.
 */
export interface TaskStartedV1Data {
  /**
   * The task.
   */
  taskId: string;
  /**
   * Which try it is, from 1.
   */
  attempt: number;
  /**
   * The agent that does it.
   */
  agentId?: string;
  /**
   * The execution in which it is done.
   */
  executionId?: string;
  context?: AgentContext;
}

/**
 * A worker is ready to take work.
 */
export interface WorkerStartedV1Data {
  /**
   * The worker.
   */
  workerId: string;
  /**
   * The pool that it belongs to.
   */
  poolId?: string;
  /**
   * The version of its program.
   */
  version?: string;
  /**
   * How much it does at once.
   */
  capacity?: number;
  context?: AgentContext;
}

/**
 * A worker takes no more work.
 */
export interface WorkerStoppedV1Data {
  /**
   * The worker.
   */
  workerId: string;
  /**
   * The pool that it belonged to.
   */
  poolId?: string;
  /**
   * Why: it was told to, its pool shrank, it failed, or nobody heard of it any more.
   */
  reason: 'shutdown' | 'scaled-down' | 'failed' | 'lost';
  /**
   * How long it ran.
   */
  uptimeMs?: number;
  /**
   * Why it failed, in a word.
   */
  code?: string;
  context?: AgentContext;
}

/**
 * A run of a workflow ended, well or not.
 */
export interface WorkflowCompletedV1Data {
  /**
   * The workflow.
   */
  workflowId: string;
  /**
   * This run of it.
   */
  runId: string;
  /**
   * How it ended.
   */
  outcome: 'succeeded' | 'failed' | 'cancelled';
  /**
   * From its start to its end.
   */
  durationMs: number;
  /**
   * Why it failed, in a word.
   */
  code?: string;
  /**
   * What happened, for a person, in the words of whoever announced it.
   */
  message?: string;
  /**
   * What became of its tasks.
   */
  tasks?: {
    /**
     * How many were done.
     */
    completed: number;
    /**
     * How many failed for good.
     */
    failed: number;
    /**
     * How many were given up.
     */
    cancelled: number;
  };
  context?: AgentContext;
}

/**
 * A run of a workflow began.
 */
export interface WorkflowStartedV1Data {
  /**
   * The workflow.
   */
  workflowId: string;
  /**
   * This run of it.
   */
  runId: string;
  /**
   * What people call the workflow.
   */
  name: string;
  /**
   * The version of its definition.
   */
  definitionVersion?: string;
  /**
   * What started it.
   */
  trigger?: 'manual' | 'schedule' | 'event' | 'request';
  context?: AgentContext;
}

/**
 * Which of these artifacts are gone?
 */
export interface ArtifactCheckRequest {
  /**
   * Of the tenant that the call is about.
   *
   * @minItems 1
   * @maxItems 500
   *
   * Items: The SHA-256 of some content.
   */
  digests: string[];
}

/**
 * What is gone.
 */
export interface ArtifactCheckResponse {
  /**
   * Those that their owner does not have.
   *
   * @maxItems 500
   *
   * Items: The SHA-256 of some content.
   */
  gone: string[];
}

/**
 * Read a piece of an artifact. Served by every owner of artifacts.
 */
export interface ArtifactReadRequest {
  /**
   * The artifact.
   */
  digest: string;
  /**
   * Where to begin, in stored (compressed) bytes.
   */
  offset: number;
}

/**
 * A piece of it; read on at `offset` plus the length of the chunk until `storedBytes` is reached.
 */
export interface ArtifactReadResponse {
  /**
   * The SHA-256 of some content.
   */
  digest: string;
  /**
   * The size of the uncompressed content.
   */
  bytes: number;
  /**
   * The size of what is stored and sent.
   */
  storedBytes: number;
  /**
   * How it is compressed.
   */
  encoding: 'zstd';
  /**
   * Where this piece begins.
   */
  offset: number;
  /**
   * The piece in base64: at most 512 KiB of stored bytes.
   */
  chunk: string;
}

/**
 * The budgets of the tenant, by name, and how each stands in its period.
 */
export interface AuditBudgetListRequest {}

/**
 * The budgets.
 */
export interface AuditBudgetListResponse {
  /**
   * By name.
   *
   * @maxItems 200
   */
  budgets: BudgetState[];
}

/**
 * Take a budget away.
 */
export interface AuditBudgetRemoveRequest {
  /**
   * The name of a budget, unique in its tenant.
   */
  name: string;
}

/**
 * The budget that was.
 */
export interface AuditBudgetRemoveResponse {
  budget: AiBudget;
}

/**
 * Make a budget, or replace the one of this name.
 */
export interface AuditBudgetSetRequest {
  /**
   * The name of a budget, unique in its tenant.
   */
  name: string;
  /**
   * How long the limit is for, in UTC.
   */
  period: 'day' | 'month';
  /**
   * What may be spent in a period.
   */
  limitNanoDollars: string;
  /**
   * At which parts of the limit an event says so; 50, 80 and 100 when left out.
   *
   * @minItems 1
   * @maxItems 20
   *
   * Items: Percent of the limit.
   */
  thresholds?: number[];
  /**
   * Only calls of this provider count.
   */
  provider?: string;
  /**
   * Only calls of this model count.
   */
  model?: string;
  /**
   * Only calls about this repository count.
   */
  repository?: string;
}

/**
 * The budget.
 */
export interface AuditBudgetSetResponse {
  budget: AiBudget;
}

/**
 * List the keys that sign checkpoints, and those that did.
 */
export interface AuditCheckpointKeyListRequest {}

/**
 * All of them.
 */
export interface AuditCheckpointKeyListResponse {
  /**
   * The name by which others know an event log.
   */
  origin: string;
  /**
   * The newest first.
   *
   * @maxItems 1000
   *
   * Items: A key that signs or signed checkpoints.
   */
  keys: {
    /**
     * A key that signs checkpoints, as the verifier key of C2SP signed-note: name, id and base64 with `+` in between.
     */
    key: string;
    /**
     * `active` for the one that signs.
     */
    state: 'active' | 'retired';
    /**
     * When it was made.
     */
    createdAt: string;
    /**
     * When it ceased to sign, null while it signs.
     */
    retiredAt: string | null;
    /**
     * A note about it that the key before signed, so that whoever trusts that one can trust this one; null for the first, and where the key before was lost.
     */
    endorsement: string | null;
  }[];
}

/**
 * Let another key sign checkpoints from now on.
 */
export interface AuditCheckpointKeyRotateRequest {}

/**
 * The keys.
 */
export interface AuditCheckpointKeyRotateResponse {
  /**
   * The key that signs from now on.
   */
  active: string;
  /**
   * The key that signed until now, null when there was none.
   */
  retired: string | null;
}

/**
 * Show the newest signed checkpoint of the event log.
 */
export interface AuditCheckpointLatestRequest {}

/**
 * It, as far as there is one.
 */
export interface AuditCheckpointLatestResponse {
  /**
   * Null before the first, which is signed at the first full hour.
   */
  checkpoint: LogCheckpoint | null;
}

/**
 * List the signed checkpoints of the event log, the newest first.
 */
export interface AuditCheckpointListRequest {
  /**
   * Only those signed before this moment.
   */
  before?: string;
  /**
   * At most so many in one answer.
   */
  limit?: number;
}

/**
 * One page of them.
 */
export interface AuditCheckpointListResponse {
  /**
   * The newest first.
   *
   * @maxItems 500
   */
  checkpoints: LogCheckpoint[];
  /**
   * The `before` of the next page, null on the last.
   */
  next: string | null;
}

/**
 * Search the event log. Conditions are joined by and.
 */
export interface AuditEventsSearchRequest {
  /**
   * Any of these types.
   *
   * @minItems 1
   * @maxItems 100
   *
   * Items: An event type: `<domain>.<event>.v<major>`.
   */
  types?: string[];
  /**
   * A tenant, as a subject token; `_platform` for what concerns no tenant.
   */
  tenant?: string;
  /**
   * A partition key: opaque, one subject token.
   */
  key?: string;
  /**
   * What one request caused carries the same correlation id, across all services.
   */
  correlationId?: string;
  /**
   * Stored by the stream at or after this time.
   */
  since?: string;
  /**
   * Stored by the stream before this time.
   */
  until?: string;
  /**
   * Later in the log than this.
   */
  after?: LogPosition;
  /**
   * Earlier in the log than this.
   */
  before?: LogPosition;
  /**
   * `asc` (when absent) begins with the oldest, `desc` with the newest.
   */
  order?: 'asc' | 'desc';
  /**
   * At most so many in one answer.
   */
  limit?: number;
}

/**
 * One page of events.
 */
export interface AuditEventsSearchResponse {
  /**
   * In the order asked for.
   *
   * @maxItems 500
   */
  events: LoggedEvent[];
  /**
   * Where to go on: `after` (asc) or `before` (desc) of the next request; null when there is no more.
   */
  next: LogPosition | null;
}

/**
 * Show one event of the log.
 */
export interface AuditEventsShowRequest {
  /**
   * The id of the event.
   */
  eventId: string;
}

/**
 * The event and where it stands.
 */
export interface AuditEventsShowResponse {
  position: LogPosition;
  /**
   * The event as it was published.
   */
  event: Envelope;
}

/**
 * Read records of the event log with what proves each of them to be in it: those of the own tenant, or all of them for who looks after the platform.
 */
export interface AuditExportReadRequest {
  /**
   * Stored by the stream at or after this time.
   */
  since?: string;
  /**
   * Stored by the stream before this time.
   */
  until?: string;
  /**
   * Later in the log than this.
   */
  after?: LogPosition;
  /**
   * Leaves of the checkpoint that proves the records: that of the first page; the newest when left out.
   */
  size?: number;
  /**
   * At most so many in one answer.
   */
  limit?: number;
}

/**
 * One page of records. Those that are younger than the checkpoint are left out.
 */
export interface AuditExportReadResponse {
  /**
   * Leaves of the checkpoint.
   */
  size: number;
  /**
   * The signed checkpoint (C2SP tlog-checkpoint).
   */
  checkpoint: string;
  /**
   * In the order of the log.
   *
   * @maxItems 500
   *
   * Items: A record and its proof.
   */
  records: {
    /**
     * Of the leaf, from 0.
     */
    index: number;
    /**
     * The leaf, as it was hashed when it was logged: one line of JSON.
     */
    leaf: string;
    /**
     * Base64 of the hashes from the leaf up to the root of the checkpoint (RFC 6962).
     *
     * @maxItems 64
     *
     * Items: One of them.
     */
    proof: string[];
  }[];
  /**
   * `after` of the next request; null when there is no more.
   */
  next: LogPosition | null;
}

/**
 * Read the event log on from a position. Conditions are joined by and. A service that names no tenant reads those of all tenants; everybody else reads the own tenant.
 */
export interface AuditLogReadRequest {
  /**
   * Later in the log than this.
   */
  after: LogPosition;
  /**
   * Earlier in the log than this.
   */
  before?: LogPosition;
  /**
   * A tenant, as a subject token; `_platform` for what concerns no tenant.
   */
  tenant?: string;
  /**
   * Any of these types.
   *
   * @minItems 1
   * @maxItems 100
   *
   * Items: An event type: `<domain>.<event>.v<major>`.
   */
  types?: string[];
  /**
   * A partition key: opaque, one subject token.
   */
  key?: string;
  /**
   * What one request caused carries the same correlation id, across all services.
   */
  correlationId?: string;
  /**
   * At most so many in one answer.
   */
  limit?: number;
}

/**
 * One page of the log, the oldest entry first.
 */
export interface AuditLogReadResponse {
  /**
   * In the order of the log.
   *
   * @maxItems 500
   */
  entries: LogEntry[];
  /**
   * `after` of the next request; null when everything that matched was read.
   */
  next: LogPosition | null;
}

/**
 * How far is the event log?
 */
export interface AuditLogStatusRequest {}

/**
 * How far the log is.
 */
export interface AuditLogStatusResponse {
  /**
   * Where the oldest event that the log has stands; null while it has none.
   */
  first: LogPosition | null;
  /**
   * The current epoch, 0 before the first.
   */
  epoch: number;
  /**
   * The last sequence logged in it.
   */
  sequence: number;
  /**
   * The last sequence of the stream.
   */
  streamSequence: number;
  /**
   * Events stored but not logged yet.
   */
  lag: number;
  /**
   * Events in the log, all epochs.
   */
  rows: number;
}

/**
 * What a process counted since its last report, for audit to announce.
 */
export interface AuditObjectiveReportRequest {
  /**
   * The process that counted, since its start.
   */
  instance: string;
  /**
   * Its first tally is 1; one that comes twice is one.
   */
  number: number;
  /**
   * When it began to count.
   */
  from: string;
  /**
   * When it ended.
   */
  until: string;
  /**
   * What it counted.
   *
   * @minItems 1
   * @maxItems 20
   *
   * Items: One objective.
   */
  counts: {
    /**
     * The objective, as deploy/slo names it.
     */
    objective: string;
    /**
     * Events that kept it.
     */
    good: number;
    /**
     * All of its events.
     */
    total: number;
  }[];
}

/**
 * It is announced.
 */
export interface AuditObjectiveReportResponse {}

/**
 * What the event log tells of the objectives of the platform.
 */
export interface AuditObjectiveShowRequest {
  /**
   * Tallies that were stored at this time or later.
   */
  since: string;
  /**
   * Tallies that were stored before this time; until now when left out.
   */
  until?: string;
}

/**
 * Sums of all tallies.
 */
export interface AuditObjectiveShowResponse {
  /**
   * When the first of these tallies began; null when there is none.
   */
  first: string | null;
  /**
   * When the last of them ended; null when there is none.
   */
  last: string | null;
  /**
   * Those of which something was counted, by name.
   *
   * @maxItems 20
   *
   * Items: One objective.
   */
  objectives: {
    /**
     * The objective, as deploy/slo names it.
     */
    objective: string;
    /**
     * Events that kept it.
     */
    good: number;
    /**
     * All of its events.
     */
    total: number;
  }[];
}

/**
 * The price tables of the tenant, the newest first, and what they do not cover.
 */
export interface AuditPriceListRequest {}

/**
 * The tables.
 */
export interface AuditPriceListResponse {
  /**
   * The newest first; the hundred newest.
   *
   * @maxItems 100
   */
  tables: PriceTable[];
  /**
   * The one in effect now.
   */
  inEffect: string | null;
  /**
   * Calls of the last 31 days that have no cost, most first.
   *
   * @maxItems 200
   */
  unpriced: UnpricedCalls[];
}

/**
 * Set a price table of the tenant. Calls that were stored from its moment on, and until that of the next one, get their cost by it, also those of before. Setting the same once more changes nothing.
 */
export interface AuditPriceSetRequest {
  /**
   * The version of a price table: given once, and never to another one.
   */
  version: string;
  /**
   * From when on calls cost what it says.
   */
  effectiveFrom: string;
  /**
   * Every model with a price.
   *
   * @minItems 1
   * @maxItems 2000
   */
  models: ModelPrices[];
}

/**
 * The table.
 */
export interface AuditPriceSetResponse {
  table: PriceTable;
  /**
   * False when it was set before.
   */
  created: boolean;
}

/**
 * A price table with its prices.
 */
export interface AuditPriceShowRequest {
  /**
   * The version of a price table: given once, and never to another one.
   */
  version: string;
}

/**
 * The table.
 */
export interface AuditPriceShowResponse {
  table: PriceTable;
  /**
   * Every model with a price.
   *
   * @maxItems 2000
   */
  models: ModelPrices[];
}

/**
 * Prove that the event log of one size is the beginning of what it was later.
 */
export interface AuditProofConsistencyRequest {
  /**
   * Leaves of the smaller tree, as a checkpoint says.
   */
  first: number;
  /**
   * Leaves of the larger one; all when left out.
   */
  second?: number;
}

/**
 * The proof, and the roots between which it goes.
 */
export interface AuditProofConsistencyResponse {
  /**
   * How many.
   */
  first: number;
  /**
   * How many.
   */
  second: number;
  /**
   * A hash of a Merkle tree, SHA-256, in base64.
   */
  firstRoot: string;
  /**
   * A hash of a Merkle tree, SHA-256, in base64.
   */
  secondRoot: string;
  /**
   * The proof of RFC 6962, section 2.1.2.
   *
   * @maxItems 128
   *
   * Items: A hash of a Merkle tree, SHA-256, in base64.
   */
  hashes: string[];
}

/**
 * Prove that an event is in the event log.
 */
export interface AuditProofEventRequest {
  /**
   * The id of the event.
   */
  eventId: string;
}

/**
 * What anybody can check without asking Granary again.
 */
export interface AuditProofEventResponse {
  position: LogPosition;
  /**
   * The place of its leaf in the tree, from 0.
   */
  index: number;
  /**
   * The line whose hash is the leaf.
   */
  leaf: string;
  /**
   * The hashes from the leaf up to the root, and the signed checkpoint with that root: a C2SP tlog-proof.
   */
  proof: string;
}

/**
 * Records of the AI audit, newest first. Conditions are joined by and.
 */
export interface AuditRecordSearchRequest {
  /**
   * What is told of: a call of a model, a safety check, what a harvest found out about a repository, what was done with personal data, or an answer that was not let through.
   */
  kind?: 'invocation' | 'safety-check' | 'harvest-safety' | 'pii-handling' | 'rejected-output';
  /**
   * A provider of AI models, as in `openai`.
   */
  provider?: string;
  /**
   * A model, as its provider names it.
   */
  model?: string;
  /**
   * Only about this repository.
   */
  repository?: string;
  /**
   * How risky the use of AI looks.
   */
  risk?: 'none' | 'low' | 'medium' | 'high' | 'critical';
  /**
   * Only with this outcome.
   */
  outcome?: string;
  /**
   * Only about this call of a model.
   */
  invocation?: string;
  /**
   * Only calls that have no cost, when true.
   */
  unpriced?: boolean;
  /**
   * Stored by the stream at or after this time.
   */
  since?: string;
  /**
   * Stored by the stream before this time.
   */
  until?: string;
  /**
   * At most so many in one answer.
   */
  limit?: number;
  /**
   * Where the next page begins: `next` of the answer before. Opaque.
   */
  cursor?: string;
}

/**
 * One page of records.
 */
export interface AuditRecordSearchResponse {
  /**
   * Newest first.
   *
   * @maxItems 500
   */
  records: AiRecord[];
  /**
   * Where the next page begins, null when there is no more.
   */
  next: string | null;
}

/**
 * One record of the AI audit, with what else the log tells of its call.
 */
export interface AuditRecordShowRequest {
  /**
   * The event.
   */
  eventId: string;
}

/**
 * The record.
 */
export interface AuditRecordShowResponse {
  record: AiRecord;
  /**
   * What the event says beside that: hashes, numbers and names, never a text.
   */
  detail: Record<string, unknown>;
  /**
   * How the cost was reckoned; empty without one.
   *
   * @maxItems 64
   *
   * Items: Tokens of one kind and their price.
   */
  costs: {
    /**
     * The kind, as the event names it: `input`, `output`, or a part of one such as `cache_read.input`.
     */
    kind: string;
    /**
     * Tokens that were charged at this price.
     */
    tokens: number;
    /**
     * US dollars for a million tokens, as a decimal text.
     */
    dollarsPerMillion: string;
  }[];
  /**
   * Other records about the same call of a model, oldest first.
   *
   * @maxItems 100
   */
  related: AiRecord[];
}

/**
 * Which of these events replays that were started still have to bring? For the owners of artifacts, who keep until then what such an event names.
 */
export interface AuditReplayAwaitedRequest {
  /**
   * Which ones.
   *
   * @minItems 1
   * @maxItems 1000
   *
   * Items: An event.
   */
  events: {
    /**
     * A tenant, as a subject token; `_platform` for what concerns no tenant.
     */
    tenant: string;
    /**
     * The id of the event.
     */
    id: string;
  }[];
}

/**
 * Those that are still to be brought, each with one replay that has it before it, running or paused.
 */
export interface AuditReplayAwaitedResponse {
  /**
   * In no order.
   *
   * @maxItems 1000
   *
   * Items: An event and its replay.
   */
  awaited: {
    /**
     * The id of the event.
     */
    id: string;
    /**
     * The replay.
     */
    jobId: string;
    /**
     * To whom it brings the event.
     */
    consumer: string;
  }[];
}

/**
 * End a replay before it is through. What it has done stays done.
 */
export interface AuditReplayCancelRequest {
  /**
   * The job.
   */
  jobId: string;
}

/**
 * The job, which is cancelled.
 */
export interface AuditReplayCancelResponse {
  job: ReplayJob;
}

/**
 * List replays, the newest first.
 */
export interface AuditReplayListRequest {
  /**
   * Only for this consumer.
   */
  consumer?: string;
  /**
   * Only in this state.
   */
  state?: 'planning' | 'planned' | 'running' | 'paused' | 'completed' | 'failed' | 'cancelled';
  /**
   * At most so many in one answer.
   */
  limit?: number;
  /**
   * Where the next page begins: `next` of the answer before. Opaque.
   */
  cursor?: string;
}

/**
 * One page of them.
 */
export interface AuditReplayListResponse {
  /**
   * The newest first.
   *
   * @maxItems 500
   */
  jobs: ReplayJob[];
  /**
   * The cursor of the next page, null on the last.
   */
  next: string | null;
}

/**
 * Let a replay that runs stand still. What is at work ends.
 */
export interface AuditReplayPauseRequest {
  /**
   * The job.
   */
  jobId: string;
}

/**
 * The job, which is paused.
 */
export interface AuditReplayPauseResponse {
  job: ReplayJob;
}

/**
 * Plan a replay of events of the log to one consumer, and look in a dry run what it would bring. Nothing is replayed before it is started. Conditions are joined by and.
 */
export interface AuditReplayPlanRequest {
  /**
   * The one consumer that it is for.
   */
  consumer: string;
  /**
   * Any of these types; all that the consumer reads when left out.
   *
   * @minItems 1
   * @maxItems 100
   *
   * Items: An event type: `<domain>.<event>.v<major>`.
   */
  types?: string[];
  /**
   * Of this tenant. People of a tenant replay their own events alone; those of the platform all, unless they name one.
   */
  tenant?: string;
  /**
   * A partition key: opaque, one subject token.
   */
  key?: string;
  /**
   * What one request caused carries the same correlation id, across all services.
   */
  correlationId?: string;
  /**
   * Stored by the stream at or after this time.
   */
  since?: string;
  /**
   * Stored by the stream before this time.
   */
  until?: string;
  /**
   * At most so many events a second.
   */
  rate?: number;
  /**
   * Why; it is told with the events of the job.
   */
  reason: string;
}

/**
 * The job, whose dry run is under way.
 */
export interface AuditReplayPlanResponse {
  job: ReplayJob;
}

/**
 * What became of events that were taken; those up to `through` are settled. Also asked now and then in between, to learn whether the job still runs.
 */
export interface AuditReplayReportRequest {
  /**
   * A consumer of the service that asks.
   */
  consumer: string;
  /**
   * Which partition group of the consumer, from 0.
   */
  group: number;
  /**
   * The job.
   */
  jobId: string;
  /**
   * Where the job stood.
   */
  from: LogPosition;
  /**
   * Up to where everything that was taken is settled; `from` when nothing is yet.
   */
  through: LogPosition;
  /**
   * How many of them were handled.
   */
  handled: number;
  /**
   * Those that were not.
   *
   * @maxItems 100
   */
  failures: ReplayFailure[];
}

/**
 * The state of the job.
 */
export interface AuditReplayReportResponse {
  /**
   * Where a replay is in its life. `planning` is its dry run; `completed`, `failed` and `cancelled` are its ends.
   */
  state: 'planning' | 'planned' | 'running' | 'paused' | 'completed' | 'failed' | 'cancelled';
}

/**
 * Let a replay that is paused go on where it was.
 */
export interface AuditReplayResumeRequest {
  /**
   * The job.
   */
  jobId: string;
}

/**
 * The job, which runs.
 */
export interface AuditReplayResumeResponse {
  job: ReplayJob;
}

/**
 * How far is a replay?
 */
export interface AuditReplayShowRequest {
  /**
   * The job.
   */
  jobId: string;
}

/**
 * The job and what went wrong.
 */
export interface AuditReplayShowResponse {
  job: ReplayJob;
  /**
   * The first events that failed, in the order of the log.
   *
   * @maxItems 100
   */
  failures: ReplayFailure[];
}

/**
 * Start a replay that is planned.
 */
export interface AuditReplayStartRequest {
  /**
   * The job.
   */
  jobId: string;
  /**
   * At most so many events a second, in place of what the plan says.
   */
  rate?: number;
}

/**
 * The job, which runs.
 */
export interface AuditReplayStartResponse {
  job: ReplayJob;
}

/**
 * What is next to be replayed in a partition group of a consumer? Asked by its owner, under its lease.
 */
export interface AuditReplayTakeRequest {
  /**
   * A consumer of the service that asks.
   */
  consumer: string;
  /**
   * Which partition group of the consumer, from 0.
   */
  group: number;
  /**
   * Into how many partition groups the consumer is cut.
   */
  groups: number;
  /**
   * Whether the owner before ended without giving its lease back, and this one asks for the first time.
   */
  crashed: boolean;
}

/**
 * What is next.
 */
export interface AuditReplayTakeResponse {
  /**
   * What to replay; null when there is nothing now.
   */
  batch: {
    /**
     * The job, and the run of these events.
     */
    jobId: string;
    /**
     * Where the job stands in this partition group.
     */
    from: LogPosition;
    /**
     * Where it stands once all of these are settled.
     */
    through: LogPosition;
    /**
     * In the order of the log.
     *
     * @maxItems 500
     */
    entries: LoggedEvent[];
  } | null;
  /**
   * When to ask again; null when nothing is known that will come.
   */
  retryAfterMs: number | null;
}

/**
 * The compliance report of a month.
 */
export interface AuditReportShowRequest {
  /**
   * A month, in UTC.
   */
  month: string;
  /**
   * `json` (when absent), or also `markdown` for people.
   */
  format?: 'json' | 'markdown';
}

/**
 * The report.
 */
export interface AuditReportShowResponse {
  report: AiReport;
  /**
   * The report for people, when it was asked for.
   */
  markdown: string | null;
}

/**
 * Sums of AI records by day, kind, provider, model, repository, risk or outcome.
 */
export interface AuditSummaryShowRequest {
  /**
   * What to tell apart; nothing: one sum.
   *
   * @maxItems 3
   *
   * Items: A field.
   */
  by?: ('day' | 'week' | 'month' | 'kind' | 'provider' | 'model' | 'repository' | 'risk' | 'outcome')[];
  /**
   * The first day; when left out 29 days before the last.
   */
  from?: string;
  /**
   * The last day; when left out today.
   */
  to?: string;
  /**
   * What is told of: a call of a model, a safety check, what a harvest found out about a repository, what was done with personal data, or an answer that was not let through.
   */
  kind?: 'invocation' | 'safety-check' | 'harvest-safety' | 'pii-handling' | 'rejected-output';
  /**
   * A provider of AI models, as in `openai`.
   */
  provider?: string;
  /**
   * A model, as its provider names it.
   */
  model?: string;
  /**
   * Only about this repository.
   */
  repository?: string;
  /**
   * How risky the use of AI looks.
   */
  risk?: 'none' | 'low' | 'medium' | 'high' | 'critical';
  /**
   * Only with this outcome.
   */
  outcome?: string;
  /**
   * Also the period of the same length before, when true; not by day, week or month.
   */
  compare?: boolean;
  /**
   * At most so many in one answer.
   */
  limit?: number;
}

/**
 * The sums.
 */
export interface AuditSummaryShowResponse {
  /**
   * The first day.
   */
  from: string;
  /**
   * The last day.
   */
  to: string;
  /**
   * By time when that was asked for, else those that cost most first, then those with most records.
   *
   * @maxItems 500
   */
  groups: AiGroup[];
  /**
   * Whether there are more groups than the limit.
   */
  more: boolean;
  total: AiMeasures;
  /**
   * Of the period before, when it was asked for.
   */
  before: AiMeasures | null;
  /**
   * Everything that was stored until then is in here; null when nothing was read yet.
   */
  readUpTo: string | null;
}

/**
 * Replace the grants of a principal, all together. Fails with `changed-meanwhile` when somebody else did so first; only an owner may grant or take `owner`.
 */
export interface AuthGrantSetRequest {
  /**
   * Who: a principal's id or its name.
   */
  principal: string;
  /**
   * The version of the principal on which the change is based.
   */
  version: number;
  /**
   * All its roles from now on.
   *
   * @maxItems 20
   */
  grants: Grant[];
}

/**
 * The principal as it is now.
 */
export interface AuthGrantSetResponse {
  principal: Principal;
}

/**
 * Who am I, and what may I do?
 */
export interface AuthIdentityShowRequest {}

/**
 * What the token says, and what follows from it.
 */
export interface AuthIdentityShowResponse {
  principal: Bearer;
  /**
   * Which roles it has, and on what.
   *
   * @maxItems 20
   */
  grants: Grant[];
  /**
   * What it may do on the whole tenant or on some repository, sorted; narrowed by the scope.
   *
   * @maxItems 50
   */
  permissions: Permission[];
  /**
   * The permissions that a key was narrowed to; null when it was not.
   */
  scope: Permission[] | null;
  /**
   * What the token was given for.
   */
  credential: 'session' | 'api-key' | 'service';
  /**
   * What a token was given for, and is revoked by: the id of a session or of an API key.
   */
  sid: string;
  /**
   * When the access token expires.
   */
  expiresAt: string;
}

/**
 * Exchange an API key for an access token.
 */
export interface AuthKeyExchangeRequest {
  /**
   * A whole API key.
   */
  key: string;
}

/**
 * A token of the owner of the key, narrowed to its scope.
 */
export interface AuthKeyExchangeResponse {
  /**
   * A JWT (RFC 9068), signed with EdDSA and short-lived.
   */
  accessToken: string;
  /**
   * When the access token expires.
   */
  expiresAt: string;
  principal: Bearer;
}

/**
 * Issue an API key: an own one, or with `identity:write` one of somebody else. A key can do no more than who issues it.
 */
export interface AuthKeyIssueRequest {
  /**
   * Whose, by id or name; the own one when left out.
   */
  principal?: string;
  /**
   * What it is for.
   */
  name: string;
  /**
   * The only permissions that its tokens have, of those its owner has; all of them when left out.
   *
   * @minItems 1
   * @maxItems 50
   */
  scope?: Permission[];
  /**
   * When it stops working; never when left out.
   */
  expiresAt?: string;
}

/**
 * The key, here and never again.
 */
export interface AuthKeyIssueResponse {
  /**
   * A whole API key.
   */
  key: string;
  issued: ApiKey;
}

/**
 * List API keys, the newest first: with `identity:read` those of the tenant, else the own ones.
 */
export interface AuthKeyListRequest {
  /**
   * Only those of this principal, by its id or its name.
   */
  principal?: string;
  /**
   * At most so many in one answer.
   */
  limit?: number;
  /**
   * Where the next page begins: `next` of the answer before. Opaque.
   */
  cursor?: string;
}

/**
 * One page of them.
 */
export interface AuthKeyListResponse {
  /**
   * The newest first.
   *
   * @maxItems 500
   */
  keys: ApiKey[];
  /**
   * The cursor of the next page, null on the last.
   */
  next: string | null;
}

/**
 * Revoke an API key, an own one or with `identity:write` any of the tenant, and the tokens it was exchanged for.
 */
export interface AuthKeyRevokeRequest {
  /**
   * The public part of an API key, by which it is known.
   */
  id: string;
}

/**
 * The key as it is now.
 */
export interface AuthKeyRevokeResponse {
  revoked: ApiKey;
}

/**
 * Set a password: the own one, for which the old one is asked, or with `identity:write` that of somebody else. Sessions of that person end, but for the one that asks.
 */
export interface AuthPasswordSetRequest {
  /**
   * Whose, by id or name; the own one when left out.
   */
  principal?: string;
  /**
   * The password until now, for the own one.
   */
  old?: string;
  /**
   * The password from now on: 12 to 256 characters, and not the name.
   */
  new: string;
}

/**
 * Whose it was, and when.
 */
export interface AuthPasswordSetResponse {
  /**
   * An identifier: a UUID of version 7, so that ids sort by time.
   */
  principalId: string;
  /**
   * When it was set.
   */
  changedAt: string;
}

/**
 * Add a person or a service account. Only an owner may grant `owner`.
 */
export interface AuthPrincipalAddRequest {
  /**
   * What is added.
   */
  kind: 'person' | 'service-account';
  /**
   * The name by which a person or a service account logs in: unique in its tenant.
   */
  name: string;
  /**
   * Of a person: 12 to 256 characters, and not the name. Without one nobody logs in by name.
   */
  password?: string;
  /**
   * Its roles; none when left out.
   *
   * @maxItems 20
   */
  grants?: Grant[];
}

/**
 * The principal as it is now.
 */
export interface AuthPrincipalAddResponse {
  principal: Principal;
}

/**
 * Keep a principal out: no token any more, and those it has are revoked. The last owner of a tenant stays.
 */
export interface AuthPrincipalDisableRequest {
  /**
   * Who: a principal's id or its name.
   */
  principal: string;
}

/**
 * The principal as it is now.
 */
export interface AuthPrincipalDisableResponse {
  principal: Principal;
}

/**
 * Let a disabled principal in again.
 */
export interface AuthPrincipalEnableRequest {
  /**
   * Who: a principal's id or its name.
   */
  principal: string;
}

/**
 * The principal as it is now.
 */
export interface AuthPrincipalEnableResponse {
  principal: Principal;
}

/**
 * List the principals of the tenant by name.
 */
export interface AuthPrincipalListRequest {
  /**
   * Only of this kind.
   */
  kind?: 'person' | 'service-account' | 'service';
  /**
   * At most so many in one answer.
   */
  limit?: number;
  /**
   * Where the next page begins: `next` of the answer before. Opaque.
   */
  cursor?: string;
}

/**
 * One page of them.
 */
export interface AuthPrincipalListResponse {
  /**
   * By name.
   *
   * @maxItems 500
   */
  principals: Principal[];
  /**
   * The cursor of the next page, null on the last.
   */
  next: string | null;
}

/**
 * Show one principal.
 */
export interface AuthPrincipalShowRequest {
  /**
   * Who: a principal's id or its name.
   */
  principal: string;
}

/**
 * The principal as it is now.
 */
export interface AuthPrincipalShowResponse {
  principal: Principal;
}

/**
 * Calls that a service has refused, for auth to announce. Each is told in the words of auth.access-refused.v1: nothing of the request and nothing of the token.
 */
export interface AuthRefusalReportRequest {
  /**
   * The oldest first.
   *
   * @minItems 1
   * @maxItems 100
   *
   * Items: One of them.
   */
  refusals: {
    /**
     * What was asked for.
     */
    operation: string;
    /**
     * The permission that was missing; null when it was the token.
     */
    permission: Permission | null;
    /**
     * Why.
     */
    reason: string;
    /**
     * The tenant of whoever asked; `_platform` when it was nobody known.
     */
    tenant: string;
    /**
     * The principal that asked; null when it was nobody known.
     */
    by: string | null;
    /**
     * What one request caused carries the same correlation id, across all services.
     */
    correlationId: string;
  }[];
}

/**
 * They are announced, as far as the same was not announced a moment ago.
 */
export interface AuthRefusalReportResponse {}

/**
 * Give a service its token. Which service asks is the last token of the subject, to which the broker lets only that service publish.
 */
export interface AuthServiceTokenIssueRequest {}

/**
 * A token of the service.
 */
export interface AuthServiceTokenIssueResponse {
  /**
   * A JWT (RFC 9068), signed with EdDSA and short-lived.
   */
  accessToken: string;
  /**
   * When the access token expires.
   */
  expiresAt: string;
}

/**
 * Log in with name and password. One refusal for every wrong pair; `locked-out` after too many of them.
 */
export interface AuthSessionCreateRequest {
  /**
   * A tenant, as a subject token; `_platform` for what concerns no tenant.
   */
  tenant: string;
  /**
   * The name. People type passwords here by mistake, so any text is taken and none is kept.
   */
  name: string;
  /**
   * A password.
   */
  password: string;
}

/**
 * The new session.
 */
export interface AuthSessionCreateResponse {
  /**
   * A JWT (RFC 9068), signed with EdDSA and short-lived.
   */
  accessToken: string;
  /**
   * When the access token expires.
   */
  expiresAt: string;
  /**
   * What a session is continued with; good for once.
   */
  refreshToken: string;
  /**
   * Until when the session can be refreshed.
   */
  refreshUntil: string;
  principal: Bearer;
}

/**
 * End a session: the own one, or with `identity:write` any of the tenant. Its tokens are revoked.
 */
export interface AuthSessionEndRequest {
  /**
   * Which; the own one when left out.
   */
  sid?: string;
}

/**
 * The session that ended.
 */
export interface AuthSessionEndResponse {
  /**
   * What a token was given for, and is revoked by: the id of a session or of an API key.
   */
  sid: string;
  /**
   * When it ended; earlier when it had ended before.
   */
  endedAt: string;
}

/**
 * List the sessions that go on, the newest first: with `identity:read` those of the tenant, else the own ones.
 */
export interface AuthSessionListRequest {
  /**
   * Only those of this principal, by its id or its name.
   */
  principal?: string;
  /**
   * At most so many in one answer.
   */
  limit?: number;
  /**
   * Where the next page begins: `next` of the answer before. Opaque.
   */
  cursor?: string;
}

/**
 * One page of them.
 */
export interface AuthSessionListResponse {
  /**
   * The newest first.
   *
   * @maxItems 500
   */
  sessions: Session[];
  /**
   * The cursor of the next page, null on the last.
   */
  next: string | null;
}

/**
 * Go on with a session. The refresh token is good for once: a second use of it ends the session.
 */
export interface AuthSessionRefreshRequest {
  /**
   * What a session is continued with; good for once.
   */
  refreshToken: string;
}

/**
 * The session with new tokens.
 */
export interface AuthSessionRefreshResponse {
  /**
   * A JWT (RFC 9068), signed with EdDSA and short-lived.
   */
  accessToken: string;
  /**
   * When the access token expires.
   */
  expiresAt: string;
  /**
   * What a session is continued with; good for once.
   */
  refreshToken: string;
  /**
   * Until when the session can be refreshed.
   */
  refreshUntil: string;
  principal: Bearer;
}

/**
 * Create a tenant with its first owner.
 */
export interface AuthTenantAddRequest {
  /**
   * The id of a tenant that is made: one label, as host names have them.
   */
  tenant: string;
  /**
   * What people call it.
   */
  name: string;
  /**
   * Its first owner, a person.
   */
  administrator: {
    /**
     * The name by which a person or a service account logs in: unique in its tenant.
     */
    name: string;
    /**
     * 12 to 256 characters, and not the name.
     */
    password: string;
  };
}

/**
 * Both, as they are now.
 */
export interface AuthTenantAddResponse {
  tenant: Tenant;
  administrator: Principal;
}

/**
 * List the tenants by id. Which there are is told to nobody but those who make them.
 */
export interface AuthTenantListRequest {
  /**
   * At most so many in one answer.
   */
  limit?: number;
  /**
   * Where the next page begins: `next` of the answer before. Opaque.
   */
  cursor?: string;
}

/**
 * One page of them.
 */
export interface AuthTenantListResponse {
  /**
   * By id.
   *
   * @maxItems 500
   */
  tenants: Tenant[];
  /**
   * The cursor of the next page, null on the last.
   */
  next: string | null;
}

/**
 * What tokens are checked with: the public keys, and what was revoked before it expired.
 */
export interface AuthTrustReadRequest {}

/**
 * The trust as it is now. Too old an answer is no trust.
 */
export interface AuthTrustReadResponse {
  /**
   * The `iss` of every token.
   */
  issuer: string;
  /**
   * The keys that may have signed a token that is still good; also the next one, before it signs.
   *
   * @maxItems 16
   */
  keys: SigningKey[];
  /**
   * Sessions and keys whose tokens are refused.
   *
   * @maxItems 10000
   *
   * Items: One of them.
   */
  revoked: {
    /**
     * What a token was given for, and is revoked by: the id of a session or of an API key.
     */
    sid: string;
    /**
     * When the last of its tokens has expired.
     */
    until: string;
  }[];
  /**
   * When this was so.
   */
  asOf: string;
}

/**
 * Ask for a backup, which is verified when it is made. It is made in the background.
 */
export interface CacheJanitorBackupCreateRequest {}

/**
 * What was asked for, or what waits already.
 */
export interface CacheJanitorBackupCreateResponse {
  run: BackupRun;
}

/**
 * List the backups, and what was done about them last.
 */
export interface CacheJanitorBackupListRequest {}

/**
 * All of them.
 */
export interface CacheJanitorBackupListResponse {
  /**
   * By their moment, the newest first.
   *
   * @maxItems 1000
   */
  backups: Backup[];
  /**
   * Folders that should hold a backup and cannot be read.
   *
   * @maxItems 1000
   *
   * Items: One folder.
   */
  unreadable: {
    /**
     * Its name.
     */
    name: string;
    /**
     * What happened, why, and what to do, for a person. Never with a secret in it.
     */
    why: string;
  }[];
  /**
   * What was done last, is done or waits, the newest first.
   *
   * @maxItems 50
   */
  runs: BackupRun[];
  /**
   * Where the backups lie, on the machine of the cache janitor.
   */
  folder: string;
}

/**
 * Ask for a backup to be restored into scratch servers and compared. It is done in the background.
 */
export interface CacheJanitorBackupVerifyRequest {
  /**
   * Which one; the newest when left out.
   */
  backup?: string;
}

/**
 * What was asked for, or what waits already.
 */
export interface CacheJanitorBackupVerifyResponse {
  run: BackupRun;
}

/**
 * List what is in the caches of all owners, as it is now.
 */
export interface CacheJanitorCacheManifestRequest {
  /**
   * Only of this service.
   */
  owner?: string;
  /**
   * What is kept: an `artifact`, the `facts` of files that were last used on one day, or the `mirror` of a repository.
   */
  kind?: 'artifact' | 'facts' | 'mirror';
  /**
   * Where the next page begins: `next` of the answer before. Opaque.
   */
  cursor?: string;
  /**
   * At most so many in one answer.
   */
  limit?: number;
}

/**
 * One page of it. A page may be empty although more follow.
 */
export interface CacheJanitorCacheManifestResponse {
  /**
   * By owner, kind and id.
   *
   * @maxItems 500
   *
   * Items: An entry and its owner.
   */
  entries: {
    /**
     * The service that keeps it.
     */
    owner: string;
    entry: CacheEntry;
  }[];
  /**
   * The cursor of the next page, null on the last.
   */
  next: string | null;
}

/**
 * How large are the caches, how often do they help, and what was freed?
 */
export interface CacheJanitorCacheStatsRequest {}

/**
 * In figures. Who is not of the platform sees the own tenant.
 */
export interface CacheJanitorCacheStatsResponse {
  policy: CachePolicy;
  /**
   * As the last cycle found them.
   *
   * @maxItems 100
   */
  sizes: CachePart[];
  /**
   * When that was; null before the first cycle.
   */
  measuredAt: string | null;
  /**
   * When the next cycle begins by itself.
   */
  nextDueAt: string;
  /**
   * Of the last 30 days.
   *
   * @maxItems 100
   *
   * Items: Those of one owner and kind.
   */
  lookups: {
    /**
     * The service that keeps it.
     */
    owner: string;
    /**
     * What is kept: an `artifact`, the `facts` of files that were last used on one day, or the `mirror` of a repository.
     */
    kind: 'artifact' | 'facts' | 'mirror';
    /**
     * Found.
     */
    hits: number;
    /**
     * Not found.
     */
    misses: number;
  }[];
  /**
   * Cycles that are still on record.
   */
  cycles: {
    /**
     * Completed.
     */
    completed: number;
    /**
     * Failed.
     */
    failed: number;
  };
  /**
   * Freed by deleting, in these cycles.
   */
  freedBytes: number;
  /**
   * Saved by packing, in these cycles.
   */
  savedBytes: number;
}

/**
 * Begin a cycle now. While one of the tenant runs, that one is answered.
 */
export interface CacheJanitorCacheSweepRequest {
  /**
   * Only say what would be done.
   */
  dryRun?: boolean;
}

/**
 * The cycle, which goes on by itself.
 */
export interface CacheJanitorCacheSweepResponse {
  /**
   * An identifier: a UUID of version 7, so that ids sort by time.
   */
  cycleId: string;
  /**
   * False when one was running already.
   */
  started: boolean;
}

/**
 * List cycles, the newest first.
 */
export interface CacheJanitorCycleListRequest {
  /**
   * Where the next page begins: `next` of the answer before. Opaque.
   */
  cursor?: string;
  /**
   * At most so many in one answer.
   */
  limit?: number;
}

/**
 * One page of them.
 */
export interface CacheJanitorCycleListResponse {
  /**
   * The newest first.
   *
   * @maxItems 500
   */
  cycles: CacheCycle[];
  /**
   * The cursor of the next page, null on the last.
   */
  next: string | null;
}

/**
 * Show a cycle and what it decided.
 */
export interface CacheJanitorCycleShowRequest {
  /**
   * An identifier: a UUID of version 7, so that ids sort by time.
   */
  cycleId: string;
  /**
   * Where the next page begins: `next` of the answer before. Opaque.
   */
  cursor?: string;
  /**
   * At most so many in one answer.
   */
  limit?: number;
}

/**
 * The cycle, and one page of its decisions.
 */
export interface CacheJanitorCycleShowResponse {
  cycle: CacheCycle;
  /**
   * The longest unused of each owner first.
   *
   * @maxItems 500
   */
  decisions: CacheDecision[];
  /**
   * The cursor of the next page, null on the last.
   */
  next: string | null;
}

/**
 * Pack entries as tightly as can be, each only if nobody reads it.
 */
export interface CacheCompressRequest {
  /**
   * What is to be packed.
   *
   * @minItems 1
   * @maxItems 10
   */
  entries: CacheTarget[];
}

/**
 * What became of each.
 */
export interface CacheCompressResponse {
  /**
   * In the order asked for.
   *
   * @maxItems 10
   */
  outcomes: CacheOutcome[];
}

/**
 * Delete entries, each only if it is neither in use nor was used since it was listed.
 */
export interface CacheEvictRequest {
  /**
   * What is to go.
   *
   * @minItems 1
   * @maxItems 250
   */
  entries: CacheTarget[];
}

/**
 * What became of each.
 */
export interface CacheEvictResponse {
  /**
   * In the order asked for.
   *
   * @maxItems 250
   */
  outcomes: CacheOutcome[];
}

/**
 * List what an owner keeps in its caches, of all tenants. Served by every owner of caches, for the cache janitor.
 */
export interface CacheListRequest {
  /**
   * What is kept: an `artifact`, the `facts` of files that were last used on one day, or the `mirror` of a repository.
   */
  kind?: 'artifact' | 'facts' | 'mirror';
  /**
   * Where the next page begins: `next` of the answer before. Opaque.
   */
  cursor?: string;
  /**
   * At most so many in one answer.
   */
  limit?: number;
}

/**
 * One page of it.
 */
export interface CacheListResponse {
  /**
   * By kind, tenant and id.
   *
   * @maxItems 1000
   */
  entries: CacheEntry[];
  /**
   * The cursor of the next page, null on the last.
   */
  next: string | null;
}

/**
 * How often what was looked for was there?
 */
export interface CacheLookupsRequest {
  /**
   * Today and the days before it, together so many.
   */
  days: number;
}

/**
 * By tenant and kind.
 */
export interface CacheLookupsResponse {
  /**
   * Those that were counted.
   *
   * @maxItems 10000
   */
  lookups: CacheLookups[];
}

/**
 * Which of these events are still to be handled? Served by every service that consumes events which name artifacts, for the owners of those.
 */
export interface ConsumerUnhandledRequest {
  /**
   * Who announced them, as their envelope says.
   */
  source: string;
  /**
   * Which ones.
   *
   * @minItems 1
   * @maxItems 1000
   *
   * Items: An event.
   */
  events: {
    /**
     * An event type: `<domain>.<event>.v<major>`.
     */
    type: string;
    /**
     * A tenant, as a subject token; `_platform` for what concerns no tenant.
     */
    tenant: string;
    /**
     * The id of the event.
     */
    id: string;
  }[];
}

/**
 * Those that are held, or may still be delivered.
 */
export interface ConsumerUnhandledResponse {
  /**
   * Their ids.
   *
   * @maxItems 1000
   *
   * Items: An identifier: a UUID of version 7, so that ids sort by time.
   */
  unhandled: string[];
}

/**
 * Let a finding stay, with a reason.
 */
export interface HarvesterFindingAllowRequest {
  /**
   * Which repository: its id or its name.
   */
  repository: string;
  /**
   * What a finding is known by: a hash of kind, rule, path and keyed hash, not of its line.
   */
  findingId: string;
  /**
   * Why.
   */
  reason: string;
}

/**
 * The finding as it stands now.
 */
export interface HarvesterFindingAllowResponse {
  finding: KnownFinding;
}

/**
 * Findings, newest first.
 */
export interface HarvesterFindingListRequest {
  /**
   * Which repository: its id or its name.
   */
  repository?: string;
  /**
   * What was found.
   */
  kind?: 'secret' | 'personal-data';
  /**
   * How much harm it may do.
   */
  severity?: 'high' | 'medium' | 'low';
  /**
   * `open`, `allowed` by somebody with a reason, or `resolved` because the newest commit does not have it.
   */
  state?: 'open' | 'allowed' | 'resolved';
  /**
   * The rule that found it.
   */
  rule?: string;
  /**
   * The beginning of a path.
   */
  path?: string;
  /**
   * At most so many in one answer.
   */
  limit?: number;
  /**
   * Where the next page begins: `next` of the answer before. Opaque.
   */
  cursor?: string;
}

/**
 * A page of findings.
 */
export interface HarvesterFindingListResponse {
  /**
   * The findings.
   */
  findings: KnownFinding[];
  /**
   * Where the next page begins, null at the end.
   */
  next: string | null;
}

/**
 * Take back that a finding may stay, with a reason.
 */
export interface HarvesterFindingRevokeRequest {
  /**
   * Which repository: its id or its name.
   */
  repository: string;
  /**
   * What a finding is known by: a hash of kind, rule, path and keyed hash, not of its line.
   */
  findingId: string;
  /**
   * Why.
   */
  reason: string;
}

/**
 * The finding as it stands now.
 */
export interface HarvesterFindingRevokeResponse {
  finding: KnownFinding;
}

/**
 * Change the secrets gate of the tenant; what is left out stays. Every repository is harvested again under new rules.
 */
export interface HarvesterGateSetRequest {
  /**
   * What happens to a file with an open finding of high severity: `warn` reports it, `block` also withholds the commit.
   */
  mode?: 'warn' | 'block';
  /**
   * All rules beside the built-in ones.
   *
   * @maxItems 200
   */
  rules?: CustomRule[];
}

/**
 * Its settings.
 */
export interface HarvesterGateSetResponse {
  /**
   * What happens to a file with an open finding of high severity: `warn` reports it, `block` also withholds the commit.
   */
  mode: 'warn' | 'block';
  /**
   * Rules beside the built-in ones.
   *
   * @maxItems 200
   */
  rules: CustomRule[];
  /**
   * When it was last changed, null when never.
   */
  updatedAt: string | null;
}

/**
 * How the secrets gate of the tenant is set.
 */
export interface HarvesterGateShowRequest {}

/**
 * Its settings.
 */
export interface HarvesterGateShowResponse {
  /**
   * What happens to a file with an open finding of high severity: `warn` reports it, `block` also withholds the commit.
   */
  mode: 'warn' | 'block';
  /**
   * Rules beside the built-in ones.
   *
   * @maxItems 200
   */
  rules: CustomRule[];
  /**
   * When it was last changed, null when never.
   */
  updatedAt: string | null;
}

/**
 * Harvest a repository now.
 */
export interface HarvesterHarvestRequestRequest {
  /**
   * Which repository: its id, name or location.
   */
  repository: string;
}

/**
 * The job that does it.
 */
export interface HarvesterHarvestRequestResponse {
  /**
   * An identifier: a UUID of version 7, so that ids sort by time.
   */
  jobId: string;
  /**
   * What one request caused carries the same correlation id, across all services.
   */
  correlationId: string;
  repository: Repository;
}

/**
 * Harvest every repository of the tenant now.
 */
export interface HarvesterHarvestRequestAllRequest {}

/**
 * How many there are. Each has a job of its own that waits its turn.
 */
export interface HarvesterHarvestRequestAllResponse {
  /**
   * Repositories that will be harvested; those whose harvest waited already count too.
   */
  requested: number;
  /**
   * What the jobs carry that were made by this request.
   */
  correlationId: string;
}

/**
 * Cancel a harvest job that has not ended.
 */
export interface HarvesterJobCancelRequest {
  /**
   * An identifier: a UUID of version 7, so that ids sort by time.
   */
  jobId: string;
}

/**
 * The job as it is now.
 */
export interface HarvesterJobCancelResponse {
  job: Job;
}

/**
 * List harvest jobs, the newest first.
 */
export interface HarvesterJobListRequest {
  /**
   * Which repository: its id, name or location.
   */
  repository?: string;
  /**
   * Only jobs in this state.
   */
  state?:
    'pending' | 'fetching' | 'scanning' | 'parsing' | 'storing' | 'completed' | 'failed' | 'cancelled' | 'blocked';
  /**
   * At most so many in one answer.
   */
  limit?: number;
  /**
   * Where the next page begins: `next` of the answer before. Opaque.
   */
  cursor?: string;
}

/**
 * One page of them.
 */
export interface HarvesterJobListResponse {
  /**
   * The newest first.
   *
   * @maxItems 500
   */
  jobs: Job[];
  /**
   * The cursor of the next page, null on the last.
   */
  next: string | null;
}

/**
 * Show one harvest job.
 */
export interface HarvesterJobShowRequest {
  /**
   * An identifier: a UUID of version 7, so that ids sort by time.
   */
  jobId: string;
}

/**
 * The job.
 */
export interface HarvesterJobShowResponse {
  job: Job;
}

/**
 * How a repository uses AI.
 */
export interface HarvesterPostureShowRequest {
  /**
   * Which repository: its id or its name.
   */
  repository: string;
}

/**
 * Its posture at the commit harvested last, and who calls what.
 */
export interface HarvesterPostureShowResponse {
  /**
   * An identifier: a UUID of version 7, so that ids sort by time.
   */
  repositoryId: string;
  /**
   * The short name people know a repository by.
   */
  name: string;
  /**
   * The name git gives to an object: 40 (SHA-1) or 64 (SHA-256) hexadecimal digits.
   */
  commit: string;
  posture: AiPosture;
  /**
   * Sorted by path; at most 500 files.
   *
   * @maxItems 500
   *
   * Items: The calls of one file.
   */
  usage: {
    /**
     * A path inside the repository, with `/` and without a leading one.
     */
    path: string;
    /**
     * In the order of the source.
     */
    calls: AiCall[];
  }[];
}

/**
 * Watch a repository, and harvest it now. Adding a known location again changes nothing.
 */
export interface HarvesterRepositoryAddRequest {
  /**
   * A local path or a git URL; credentials in it are used but never announced.
   */
  location: string;
  /**
   * What to call it; else made from the location.
   */
  name?: string;
  /**
   * The branch to harvest; else the default branch of the remote.
   */
  branch?: string;
}

/**
 * The repository and its first harvest.
 */
export interface HarvesterRepositoryAddResponse {
  repository: Repository;
  /**
   * The harvest job.
   */
  jobId: string;
  /**
   * What one request caused carries the same correlation id, across all services.
   */
  correlationId: string;
  /**
   * False when the location was known already.
   */
  created: boolean;
}

/**
 * List the watched repositories by name.
 */
export interface HarvesterRepositoryListRequest {
  /**
   * At most so many in one answer.
   */
  limit?: number;
  /**
   * Where the next page begins: `next` of the answer before. Opaque.
   */
  cursor?: string;
}

/**
 * One page of them.
 */
export interface HarvesterRepositoryListResponse {
  /**
   * Sorted by name.
   *
   * @maxItems 500
   */
  repositories: Repository[];
  /**
   * The cursor of the next page, null on the last.
   */
  next: string | null;
}

/**
 * Stop watching a repository.
 */
export interface HarvesterRepositoryRemoveRequest {
  /**
   * Which repository: its id, name or location.
   */
  repository: string;
}

/**
 * The repository as it is now.
 */
export interface HarvesterRepositoryRemoveResponse {
  repository: Repository;
}

/**
 * Give up a held event for good; the events behind it go on.
 */
export interface HeldDiscardRequest {
  /**
   * A kebab-case name that is one subject token.
   */
  consumer: string;
  /**
   * A position in a stream or a log.
   */
  position: number;
  /**
   * Why, for the audit log.
   */
  reason: string;
}

/**
 * What was discarded.
 */
export interface HeldDiscardResponse {
  held: Held;
}

/**
 * List held events. Served by every service whose consumers can hold.
 */
export interface HeldListRequest {
  /**
   * A kebab-case name that is one subject token.
   */
  consumer?: string;
  /**
   * A tenant, as a subject token; `_platform` for what concerns no tenant.
   */
  tenant?: string;
  /**
   * `held` and due for another try at `nextAt`, `waiting` behind an earlier event of its key, or `dead` until somebody decides.
   */
  state?: 'held' | 'waiting' | 'dead';
  /**
   * At most so many in one answer.
   */
  limit?: number;
  /**
   * Where the next page begins: `next` of the answer before. Opaque.
   */
  cursor?: string;
}

/**
 * One page of them.
 */
export interface HeldListResponse {
  /**
   * Sorted by position.
   *
   * @maxItems 500
   */
  held: Held[];
  /**
   * The cursor of the next page, null on the last.
   */
  next: string | null;
}

/**
 * Try held events again: the one at a position, those of a key, or all of the consumer.
 */
export interface HeldRedriveRequest {
  /**
   * A kebab-case name that is one subject token.
   */
  consumer: string;
  /**
   * This one only.
   */
  position?: number;
  /**
   * All of this key.
   */
  key?: string;
  /**
   * All of the consumer.
   */
  all?: boolean;
}

/**
 * How many are due now.
 */
export interface HeldRedriveResponse {
  /**
   * How many.
   */
  count: number;
}

/**
 * Show one held event.
 */
export interface HeldShowRequest {
  /**
   * A kebab-case name that is one subject token.
   */
  consumer: string;
  /**
   * A position in a stream or a log.
   */
  position: number;
}

/**
 * The held event, and the event itself.
 */
export interface HeldShowResponse {
  held: Held;
  /**
   * The event as it was received, which may be why it is held; `{ raw }` when it was no JSON object.
   */
  event: {
    [k: string]: unknown;
  };
}

/**
 * Which modules of a repository import each other in circles?
 */
export interface NormalizerGraphCyclesRequest {
  /**
   * Which repository: its id or its name.
   */
  repository: string;
}

/**
 * The cycles.
 */
export interface NormalizerGraphCyclesResponse {
  /**
   * The modules of each cycle, sorted.
   */
  cycles: string[][];
}

/**
 * What depends on a module or package of a repository?
 */
export interface NormalizerGraphDependentsRequest {
  /**
   * Which repository: its id or its name.
   */
  repository: string;
  /**
   * A module's path, a package's name or a package URL.
   */
  target: string;
  /**
   * Also what depends on it by way of others.
   */
  transitive?: boolean;
}

/**
 * What depends on it.
 */
export interface NormalizerGraphDependentsResponse {
  /**
   * The path or package URL that was meant.
   */
  target: string;
  /**
   * What the target is.
   */
  kind: 'module' | 'package';
  /**
   * Sorted by depth, then path.
   */
  dependents: {
    /**
     * A path inside the repository, with `/` and without a leading one.
     */
    path: string;
    /**
     * 1 depends on it directly.
     */
    depth: number;
  }[];
}

/**
 * What may behave differently after a change?
 */
export interface NormalizerGraphImpactRequest {
  /**
   * Which repository: its id or its name.
   */
  repository: string;
  /**
   * The commit before.
   */
  from: string;
  /**
   * The commit after; the newest when left out.
   */
  to?: string;
}

/**
 * The modules that changed between two commits, and everything that depends on them.
 */
export interface NormalizerGraphImpactResponse {
  /**
   * An identifier: a UUID of version 7, so that ids sort by time.
   */
  repositoryId: string;
  /**
   * The short name people know a repository by.
   */
  name: string;
  /**
   * The name git gives to an object: 40 (SHA-1) or 64 (SHA-256) hexadecimal digits.
   */
  from: string;
  /**
   * The name git gives to an object: 40 (SHA-1) or 64 (SHA-256) hexadecimal digits.
   */
  to: string;
  /**
   * The modules that differ, sorted by path.
   *
   * Items: A module.
   */
  changed: {
    /**
     * A path inside the repository, with `/` and without a leading one.
     */
    path: string;
    /**
     * What became of it.
     */
    change: 'added' | 'modified' | 'removed';
  }[];
  /**
   * The packages whose version differs, sorted.
   *
   * Items: A package.
   */
  packages: {
    /**
     * A package URL without version.
     */
    name: string;
    /**
     * The version before, null when it was not there or not pinned.
     */
    before: string | null;
    /**
     * The version after, null when it is gone or not pinned.
     */
    after: string | null;
  }[];
  /**
   * Modules that did not change but depend on what did, sorted by depth, then path.
   *
   * Items: A module.
   */
  impacted: {
    /**
     * A path inside the repository, with `/` and without a leading one.
     */
    path: string;
    /**
     * 1 depends directly on something that changed.
     */
    depth: number;
  }[];
  /**
   * Entry points that changed or are impacted, sorted.
   *
   * Items: An entry point.
   */
  entrypoints: {
    /**
     * What makes a module an entry point: a program, a library's main module, an exported path, a start script, a workspace that names nothing else.
     */
    kind: 'bin' | 'main' | 'export' | 'script' | 'workspace';
    /**
     * Its name.
     */
    name: string;
    /**
     * A path inside the repository, with `/` and without a leading one.
     */
    path: string;
  }[];
}

/**
 * Names in the newest graphs, in one repository or in all.
 */
export interface NormalizerGraphSearchRequest {
  /**
   * Part of a name; upper and lower case are the same.
   */
  query: string;
  /**
   * Which repository: its id or its name.
   */
  repository?: string;
  /**
   * What to look for; everything when left out.
   *
   * @maxItems 5
   *
   * Items: What a name in a graph is the name of.
   */
  kinds?: ('module' | 'package' | 'entrypoint' | 'publication' | 'ai-provider')[];
  /**
   * At most so many in one answer.
   */
  limit?: number;
}

/**
 * What was found.
 */
export interface NormalizerGraphSearchResponse {
  /**
   * Whole names first, then beginnings, then the shortest.
   *
   * Items: A name.
   */
  matches: {
    /**
     * An identifier: a UUID of version 7, so that ids sort by time.
     */
    repositoryId: string;
    /**
     * The short name people know a repository by.
     */
    repository: string;
    /**
     * What a name in a graph is the name of.
     */
    kind: 'module' | 'package' | 'entrypoint' | 'publication' | 'ai-provider';
    /**
     * A path, a package URL, an entry point or a provider.
     */
    name: string;
  }[];
  /**
   * There are more than these.
   */
  more: boolean;
}

/**
 * Summarise the newest graph of a repository, or the one of a commit. The fault `not-found` says that there is none yet.
 */
export interface NormalizerGraphSummaryRequest {
  /**
   * Which repository: its id or its name.
   */
  repository: string;
  /**
   * The commit; else the newest graph.
   */
  commit?: string;
}

/**
 * The summary.
 */
export interface NormalizerGraphSummaryResponse {
  /**
   * An identifier: a UUID of version 7, so that ids sort by time.
   */
  repositoryId: string;
  /**
   * The short name people know a repository by.
   */
  name: string;
  /**
   * The name git gives to an object: 40 (SHA-1) or 64 (SHA-256) hexadecimal digits.
   */
  commit: string;
  /**
   * The SHA-256 of some content.
   */
  graphHash: string;
  /**
   * The graph itself.
   */
  graph: ArtifactRef;
  counts: GraphCounts;
  /**
   * What the graph does not know.
   */
  completeness: {
    /**
     * How thoroughly a repository was read: 1 existing artifacts reused, 2 full analysis, 3 light fallback scan.
     */
    tier: 1 | 2 | 3;
    /**
     * Imports that could not be resolved.
     */
    unresolved: number;
    /**
     * Files that were not read.
     */
    skipped: number;
    /**
     * Folders with dependencies but no lock file.
     *
     * Items: A folder inside the repository; `.` is its root.
     */
    missingLocks: string[];
  };
  languages: LanguageShare[];
  /**
   * A moment, RFC 3339.
   */
  normalizedAt: string;
}

/**
 * Why does a module depend on a module or a package?
 */
export interface NormalizerGraphWhyRequest {
  /**
   * Which repository: its id or its name.
   */
  repository: string;
  /**
   * A module's path.
   */
  from: string;
  /**
   * A module's path, a package's name or a package URL.
   */
  to: string;
}

/**
 * The shortest way from one to the other.
 */
export interface NormalizerGraphWhyResponse {
  /**
   * The module asked about.
   */
  from: string;
  /**
   * The path or package URL that was meant.
   */
  to: string;
  /**
   * What `to` is.
   */
  kind: 'module' | 'package';
  /**
   * The shortest way, null when there is no dependency.
   */
  way:
    | {
        /**
         * A path or a package URL.
         */
        node: string;
        /**
         * How the one before leads here: the kind of import, `depends-on` between packages; null for the first.
         */
        by: ('static' | 'type' | 'dynamic' | 'require' | 'reexport' | 'depends-on') | null;
        /**
         * The line in the one before, null where there is none.
         */
        line: number | null;
      }[]
    | null;
}

/**
 * Who uses a package, in any repository?
 */
export interface NormalizerPackageUsersRequest {
  /**
   * A package URL with or without version, or a name.
   */
  package: string;
  /**
   * Only versions in this range, as npm and Cargo write ranges.
   */
  range?: string;
  /**
   * At most so many in one answer.
   */
  limit?: number;
}

/**
 * Its users.
 */
export interface NormalizerPackageUsersResponse {
  /**
   * Direct ones first, then by repository and version.
   *
   * Items: A use.
   */
  users: {
    /**
     * An identifier: a UUID of version 7, so that ids sort by time.
     */
    repositoryId: string;
    /**
     * The short name people know a repository by.
     */
    repository: string;
    /**
     * A package URL, as in `pkg:npm/%40scope/name@1.2.3`.
     */
    purl: string;
    /**
     * The version, null when nothing pins one.
     */
    version: string | null;
    /**
     * What a dependency is needed for.
     */
    scope: 'runtime' | 'dev' | 'peer' | 'optional';
    /**
     * A manifest of the repository asks for it.
     */
    direct: boolean;
  }[];
  /**
   * There are more than these.
   */
  more: boolean;
}

/**
 * Which repositories depend on which, by the packages they make?
 */
export interface NormalizerRepositoryLinksRequest {
  /**
   * Which repository: its id or its name.
   */
  repository?: string;
}

/**
 * The edges between repositories.
 */
export interface NormalizerRepositoryLinksResponse {
  /**
   * Sorted; at most 1,000.
   *
   * @maxItems 1000
   *
   * Items: An edge.
   */
  links: {
    /**
     * Who depends.
     */
    from: {
      /**
       * An identifier: a UUID of version 7, so that ids sort by time.
       */
      repositoryId: string;
      /**
       * The short name people know a repository by.
       */
      name: string;
    };
    /**
     * Who makes the package.
     */
    to: {
      /**
       * An identifier: a UUID of version 7, so that ids sort by time.
       */
      repositoryId: string;
      /**
       * The short name people know a repository by.
       */
      name: string;
    };
    /**
     * Without a version.
     */
    purl: string;
    /**
     * The version used.
     */
    version: string | null;
    /**
     * The version in the newest manifest of the maker.
     */
    published: string | null;
    /**
     * What a dependency is needed for.
     */
    scope: 'runtime' | 'dev' | 'peer' | 'optional';
  }[];
  /**
   * There are more than these.
   */
  more: boolean;
}

/**
 * End a refused announcement unpublished; what waits behind it is published.
 */
export interface OutboxDiscardRequest {
  /**
   * The number of an announcement in the outbox of its service.
   */
  id: string;
  /**
   * Why, for the log of the service.
   */
  reason: string;
}

/**
 * What was discarded, which is nowhere else any more.
 */
export interface OutboxDiscardResponse {
  dead: DeadAnnouncement;
  /**
   * The event itself: envelope and data.
   */
  event: {
    [k: string]: unknown;
  };
}

/**
 * List the announcements that the stream refused for good. Served by every service that announces events.
 */
export interface OutboxListRequest {
  /**
   * At most so many in one answer.
   */
  limit?: number;
  /**
   * Where the next page begins: `next` of the answer before. Opaque.
   */
  cursor?: string;
}

/**
 * One page of them.
 */
export interface OutboxListResponse {
  /**
   * Sorted by id.
   *
   * @maxItems 500
   */
  dead: DeadAnnouncement[];
  /**
   * The cursor of the next page, null on the last.
   */
  next: string | null;
}

/**
 * Have a refused announcement published again, and what waits behind it after it.
 */
export interface OutboxRetryRequest {
  /**
   * The number of an announcement in the outbox of its service.
   */
  id: string;
}

/**
 * What it was.
 */
export interface OutboxRetryResponse {
  dead: DeadAnnouncement;
}

/**
 * Show one announcement that the stream refused for good.
 */
export interface OutboxShowRequest {
  /**
   * The number of an announcement in the outbox of its service.
   */
  id: string;
}

/**
 * The announcement, and the event that was to be published.
 */
export interface OutboxShowResponse {
  dead: DeadAnnouncement;
  /**
   * The event itself: envelope and data.
   */
  event: {
    [k: string]: unknown;
  };
}

/** The shapes that have a name of their own. */
export interface Shapes {
  'access-document': AccessDocument;
  'agent-context': AgentContext;
  'ai-budget': AiBudget;
  'ai-call-cost': AiCallCost;
  'ai-call': AiCall;
  'ai-cost': AiCost;
  'ai-group': AiGroup;
  'ai-measures': AiMeasures;
  'ai-posture': AiPosture;
  'ai-record': AiRecord;
  'ai-report': AiReport;
  'ai-tokens': AiTokens;
  'api-key': ApiKey;
  'artifact-ref': ArtifactRef;
  'backup-run': BackupRun;
  'backup': Backup;
  'bearer': Bearer;
  'budget-state': BudgetState;
  'cache-cycle': CacheCycle;
  'cache-decision': CacheDecision;
  'cache-entry': CacheEntry;
  'cache-failure': CacheFailure;
  'cache-lookups': CacheLookups;
  'cache-outcome': CacheOutcome;
  'cache-part': CachePart;
  'cache-policy': CachePolicy;
  'cache-target': CacheTarget;
  'custom-rule': CustomRule;
  'dead-announcement': DeadAnnouncement;
  'dependency-state': DependencyState;
  'entry-points': EntryPoints;
  'envelope': Envelope;
  'fact-pack': FactPack;
  'finding-counts': FindingCounts;
  'finding': Finding;
  'grant': Grant;
  'graph-counts': GraphCounts;
  'held': Held;
  'import-edge': ImportEdge;
  'job': Job;
  'known-finding': KnownFinding;
  'labelled-count': LabelledCount;
  'language-share': LanguageShare;
  'log-checkpoint': LogCheckpoint;
  'log-entry': LogEntry;
  'log-position': LogPosition;
  'logged-event': LoggedEvent;
  'model-prices': ModelPrices;
  'module-graph': ModuleGraph;
  'permission': Permission;
  'price-table': PriceTable;
  'principal': Principal;
  'project-graph': ProjectGraph;
  'replay-failure': ReplayFailure;
  'replay-job': ReplayJob;
  'replay-plan': ReplayPlan;
  'replay-selection': ReplaySelection;
  'repository': Repository;
  'role': Role;
  'session': Session;
  'signing-key': SigningKey;
  'tenant': Tenant;
  'token-usage': TokenUsage;
  'unpriced-calls': UnpricedCalls;
}

export type ShapeName = keyof Shapes;

/** The data of each event type. */
export interface EventData {
  'agent.action.v1': AgentActionV1Data;
  'agent.message.v1': AgentMessageV1Data;
  'agent.thinking.v1': AgentThinkingV1Data;
  'ai-usage.assessed.v1': AiUsageAssessedV1Data;
  'ai-usage.detected.v1': AiUsageDetectedV1Data;
  'ai-usage.removed.v1': AiUsageRemovedV1Data;
  'ai.model-invoked.v1': AiModelInvokedV1Data;
  'ai.output-rejected.v1': AiOutputRejectedV1Data;
  'audit.budget-passed.v1': AuditBudgetPassedV1Data;
  'audit.budget-removed.v1': AuditBudgetRemovedV1Data;
  'audit.budget-set.v1': AuditBudgetSetV1Data;
  'audit.checkpoint-key-rotated.v1': AuditCheckpointKeyRotatedV1Data;
  'audit.checkpoint-signed.v1': AuditCheckpointSignedV1Data;
  'audit.day-dropped.v1': AuditDayDroppedV1Data;
  'audit.day-exported.v1': AuditDayExportedV1Data;
  'audit.log-opened.v1': AuditLogOpenedV1Data;
  'audit.prices-set.v1': AuditPricesSetV1Data;
  'auth.access-refused.v1': AuthAccessRefusedV1Data;
  'auth.grant-changed.v1': AuthGrantChangedV1Data;
  'auth.key-issued.v1': AuthKeyIssuedV1Data;
  'auth.key-revoked.v1': AuthKeyRevokedV1Data;
  'auth.key-used.v1': AuthKeyUsedV1Data;
  'auth.locked-out.v1': AuthLockedOutV1Data;
  'auth.login-failed.v1': AuthLoginFailedV1Data;
  'auth.login-succeeded.v1': AuthLoginSucceededV1Data;
  'auth.password-changed.v1': AuthPasswordChangedV1Data;
  'auth.principal-added.v1': AuthPrincipalAddedV1Data;
  'auth.principal-disabled.v1': AuthPrincipalDisabledV1Data;
  'auth.principal-enabled.v1': AuthPrincipalEnabledV1Data;
  'auth.session-ended.v1': AuthSessionEndedV1Data;
  'auth.signing-key-rotated.v1': AuthSigningKeyRotatedV1Data;
  'auth.tenant-created.v1': AuthTenantCreatedV1Data;
  'backup.created.v1': BackupCreatedV1Data;
  'backup.failed.v1': BackupFailedV1Data;
  'backup.verified.v1': BackupVerifiedV1Data;
  'cache.cycle-completed.v1': CacheCycleCompletedV1Data;
  'cache.cycle-failed.v1': CacheCycleFailedV1Data;
  'cache.entries-evicted.v1': CacheEntriesEvictedV1Data;
  'consumer.discarded.v1': ConsumerDiscardedV1Data;
  'consumer.held.v1': ConsumerHeldV1Data;
  'consumer.redriven.v1': ConsumerRedrivenV1Data;
  'cycle.appeared.v1': CycleAppearedV1Data;
  'cycle.resolved.v1': CycleResolvedV1Data;
  'dependency.added.v1': DependencyAddedV1Data;
  'dependency.changed.v1': DependencyChangedV1Data;
  'dependency.removed.v1': DependencyRemovedV1Data;
  'entrypoint.added.v1': EntrypointAddedV1Data;
  'entrypoint.removed.v1': EntrypointRemovedV1Data;
  'error.occurred.v1': ErrorOccurredV1Data;
  'execution.completed.v1': ExecutionCompletedV1Data;
  'execution.started.v1': ExecutionStartedV1Data;
  'finding.allowed.v1': FindingAllowedV1Data;
  'finding.revoked.v1': FindingRevokedV1Data;
  'finding.summarized.v1': FindingSummarizedV1Data;
  'graph.normalized.v1': GraphNormalizedV1Data;
  'harvest.blocked.v1': HarvestBlockedV1Data;
  'harvest.cancelled.v1': HarvestCancelledV1Data;
  'harvest.completed.v1': HarvestCompletedV1Data;
  'harvest.failed.v1': HarvestFailedV1Data;
  'harvest.requested.v1': HarvestRequestedV1Data;
  'harvest.started.v1': HarvestStartedV1Data;
  'knowledge.indexed.v1': KnowledgeIndexedV1Data;
  'knowledge.retrieved.v1': KnowledgeRetrievedV1Data;
  'module.added.v1': ModuleAddedV1Data;
  'module.changed.v1': ModuleChangedV1Data;
  'module.removed.v1': ModuleRemovedV1Data;
  'objective.tallied.v1': ObjectiveTalliedV1Data;
  'pii.detected.v1': PiiDetectedV1Data;
  'pii.handled.v1': PiiHandledV1Data;
  'pii.resolved.v1': PiiResolvedV1Data;
  'pool.exhausted.v1': PoolExhaustedV1Data;
  'pool.scaled.v1': PoolScaledV1Data;
  'replay.cancelled.v1': ReplayCancelledV1Data;
  'replay.completed.v1': ReplayCompletedV1Data;
  'replay.failed.v1': ReplayFailedV1Data;
  'replay.paused.v1': ReplayPausedV1Data;
  'replay.planned.v1': ReplayPlannedV1Data;
  'replay.resumed.v1': ReplayResumedV1Data;
  'replay.started.v1': ReplayStartedV1Data;
  'repository.head-moved.v1': RepositoryHeadMovedV1Data;
  'repository.registered.v1': RepositoryRegisteredV1Data;
  'repository.removed.v1': RepositoryRemovedV1Data;
  'safety.checked.v1': SafetyCheckedV1Data;
  'secret.detected.v1': SecretDetectedV1Data;
  'secret.resolved.v1': SecretResolvedV1Data;
  'task.cancelled.v1': TaskCancelledV1Data;
  'task.completed.v1': TaskCompletedV1Data;
  'task.created.v1': TaskCreatedV1Data;
  'task.failed.v1': TaskFailedV1Data;
  'task.started.v1': TaskStartedV1Data;
  'worker.started.v1': WorkerStartedV1Data;
  'worker.stopped.v1': WorkerStoppedV1Data;
  'workflow.completed.v1': WorkflowCompletedV1Data;
  'workflow.started.v1': WorkflowStartedV1Data;
}

export type EventType = keyof EventData;

/** A whole event of one type: its envelope and its data. */
export type EventOf<T extends EventType> = Envelope<T, EventData[T]>;

export type AgentActionV1 = EventOf<'agent.action.v1'>;
export type AgentMessageV1 = EventOf<'agent.message.v1'>;
export type AgentThinkingV1 = EventOf<'agent.thinking.v1'>;
export type AiUsageAssessedV1 = EventOf<'ai-usage.assessed.v1'>;
export type AiUsageDetectedV1 = EventOf<'ai-usage.detected.v1'>;
export type AiUsageRemovedV1 = EventOf<'ai-usage.removed.v1'>;
export type AiModelInvokedV1 = EventOf<'ai.model-invoked.v1'>;
export type AiOutputRejectedV1 = EventOf<'ai.output-rejected.v1'>;
export type AuditBudgetPassedV1 = EventOf<'audit.budget-passed.v1'>;
export type AuditBudgetRemovedV1 = EventOf<'audit.budget-removed.v1'>;
export type AuditBudgetSetV1 = EventOf<'audit.budget-set.v1'>;
export type AuditCheckpointKeyRotatedV1 = EventOf<'audit.checkpoint-key-rotated.v1'>;
export type AuditCheckpointSignedV1 = EventOf<'audit.checkpoint-signed.v1'>;
export type AuditDayDroppedV1 = EventOf<'audit.day-dropped.v1'>;
export type AuditDayExportedV1 = EventOf<'audit.day-exported.v1'>;
export type AuditLogOpenedV1 = EventOf<'audit.log-opened.v1'>;
export type AuditPricesSetV1 = EventOf<'audit.prices-set.v1'>;
export type AuthAccessRefusedV1 = EventOf<'auth.access-refused.v1'>;
export type AuthGrantChangedV1 = EventOf<'auth.grant-changed.v1'>;
export type AuthKeyIssuedV1 = EventOf<'auth.key-issued.v1'>;
export type AuthKeyRevokedV1 = EventOf<'auth.key-revoked.v1'>;
export type AuthKeyUsedV1 = EventOf<'auth.key-used.v1'>;
export type AuthLockedOutV1 = EventOf<'auth.locked-out.v1'>;
export type AuthLoginFailedV1 = EventOf<'auth.login-failed.v1'>;
export type AuthLoginSucceededV1 = EventOf<'auth.login-succeeded.v1'>;
export type AuthPasswordChangedV1 = EventOf<'auth.password-changed.v1'>;
export type AuthPrincipalAddedV1 = EventOf<'auth.principal-added.v1'>;
export type AuthPrincipalDisabledV1 = EventOf<'auth.principal-disabled.v1'>;
export type AuthPrincipalEnabledV1 = EventOf<'auth.principal-enabled.v1'>;
export type AuthSessionEndedV1 = EventOf<'auth.session-ended.v1'>;
export type AuthSigningKeyRotatedV1 = EventOf<'auth.signing-key-rotated.v1'>;
export type AuthTenantCreatedV1 = EventOf<'auth.tenant-created.v1'>;
export type BackupCreatedV1 = EventOf<'backup.created.v1'>;
export type BackupFailedV1 = EventOf<'backup.failed.v1'>;
export type BackupVerifiedV1 = EventOf<'backup.verified.v1'>;
export type CacheCycleCompletedV1 = EventOf<'cache.cycle-completed.v1'>;
export type CacheCycleFailedV1 = EventOf<'cache.cycle-failed.v1'>;
export type CacheEntriesEvictedV1 = EventOf<'cache.entries-evicted.v1'>;
export type ConsumerDiscardedV1 = EventOf<'consumer.discarded.v1'>;
export type ConsumerHeldV1 = EventOf<'consumer.held.v1'>;
export type ConsumerRedrivenV1 = EventOf<'consumer.redriven.v1'>;
export type CycleAppearedV1 = EventOf<'cycle.appeared.v1'>;
export type CycleResolvedV1 = EventOf<'cycle.resolved.v1'>;
export type DependencyAddedV1 = EventOf<'dependency.added.v1'>;
export type DependencyChangedV1 = EventOf<'dependency.changed.v1'>;
export type DependencyRemovedV1 = EventOf<'dependency.removed.v1'>;
export type EntrypointAddedV1 = EventOf<'entrypoint.added.v1'>;
export type EntrypointRemovedV1 = EventOf<'entrypoint.removed.v1'>;
export type ErrorOccurredV1 = EventOf<'error.occurred.v1'>;
export type ExecutionCompletedV1 = EventOf<'execution.completed.v1'>;
export type ExecutionStartedV1 = EventOf<'execution.started.v1'>;
export type FindingAllowedV1 = EventOf<'finding.allowed.v1'>;
export type FindingRevokedV1 = EventOf<'finding.revoked.v1'>;
export type FindingSummarizedV1 = EventOf<'finding.summarized.v1'>;
export type GraphNormalizedV1 = EventOf<'graph.normalized.v1'>;
export type HarvestBlockedV1 = EventOf<'harvest.blocked.v1'>;
export type HarvestCancelledV1 = EventOf<'harvest.cancelled.v1'>;
export type HarvestCompletedV1 = EventOf<'harvest.completed.v1'>;
export type HarvestFailedV1 = EventOf<'harvest.failed.v1'>;
export type HarvestRequestedV1 = EventOf<'harvest.requested.v1'>;
export type HarvestStartedV1 = EventOf<'harvest.started.v1'>;
export type KnowledgeIndexedV1 = EventOf<'knowledge.indexed.v1'>;
export type KnowledgeRetrievedV1 = EventOf<'knowledge.retrieved.v1'>;
export type ModuleAddedV1 = EventOf<'module.added.v1'>;
export type ModuleChangedV1 = EventOf<'module.changed.v1'>;
export type ModuleRemovedV1 = EventOf<'module.removed.v1'>;
export type ObjectiveTalliedV1 = EventOf<'objective.tallied.v1'>;
export type PiiDetectedV1 = EventOf<'pii.detected.v1'>;
export type PiiHandledV1 = EventOf<'pii.handled.v1'>;
export type PiiResolvedV1 = EventOf<'pii.resolved.v1'>;
export type PoolExhaustedV1 = EventOf<'pool.exhausted.v1'>;
export type PoolScaledV1 = EventOf<'pool.scaled.v1'>;
export type ReplayCancelledV1 = EventOf<'replay.cancelled.v1'>;
export type ReplayCompletedV1 = EventOf<'replay.completed.v1'>;
export type ReplayFailedV1 = EventOf<'replay.failed.v1'>;
export type ReplayPausedV1 = EventOf<'replay.paused.v1'>;
export type ReplayPlannedV1 = EventOf<'replay.planned.v1'>;
export type ReplayResumedV1 = EventOf<'replay.resumed.v1'>;
export type ReplayStartedV1 = EventOf<'replay.started.v1'>;
export type RepositoryHeadMovedV1 = EventOf<'repository.head-moved.v1'>;
export type RepositoryRegisteredV1 = EventOf<'repository.registered.v1'>;
export type RepositoryRemovedV1 = EventOf<'repository.removed.v1'>;
export type SafetyCheckedV1 = EventOf<'safety.checked.v1'>;
export type SecretDetectedV1 = EventOf<'secret.detected.v1'>;
export type SecretResolvedV1 = EventOf<'secret.resolved.v1'>;
export type TaskCancelledV1 = EventOf<'task.cancelled.v1'>;
export type TaskCompletedV1 = EventOf<'task.completed.v1'>;
export type TaskCreatedV1 = EventOf<'task.created.v1'>;
export type TaskFailedV1 = EventOf<'task.failed.v1'>;
export type TaskStartedV1 = EventOf<'task.started.v1'>;
export type WorkerStartedV1 = EventOf<'worker.started.v1'>;
export type WorkerStoppedV1 = EventOf<'worker.stopped.v1'>;
export type WorkflowCompletedV1 = EventOf<'workflow.completed.v1'>;
export type WorkflowStartedV1 = EventOf<'workflow.started.v1'>;

/** Request and response of each operation. */
export interface RpcShapes {
  'audit.budget.list': { request: AuditBudgetListRequest; response: AuditBudgetListResponse };
  'audit.budget.remove': { request: AuditBudgetRemoveRequest; response: AuditBudgetRemoveResponse };
  'audit.budget.set': { request: AuditBudgetSetRequest; response: AuditBudgetSetResponse };
  'audit.checkpoint-key.list': { request: AuditCheckpointKeyListRequest; response: AuditCheckpointKeyListResponse };
  'audit.checkpoint-key.rotate': { request: AuditCheckpointKeyRotateRequest; response: AuditCheckpointKeyRotateResponse };
  'audit.checkpoint.latest': { request: AuditCheckpointLatestRequest; response: AuditCheckpointLatestResponse };
  'audit.checkpoint.list': { request: AuditCheckpointListRequest; response: AuditCheckpointListResponse };
  'audit.events.search': { request: AuditEventsSearchRequest; response: AuditEventsSearchResponse };
  'audit.events.show': { request: AuditEventsShowRequest; response: AuditEventsShowResponse };
  'audit.export.read': { request: AuditExportReadRequest; response: AuditExportReadResponse };
  'audit.log.read': { request: AuditLogReadRequest; response: AuditLogReadResponse };
  'audit.log.status': { request: AuditLogStatusRequest; response: AuditLogStatusResponse };
  'audit.objective.report': { request: AuditObjectiveReportRequest; response: AuditObjectiveReportResponse };
  'audit.objective.show': { request: AuditObjectiveShowRequest; response: AuditObjectiveShowResponse };
  'audit.outbox.discard': { request: OutboxDiscardRequest; response: OutboxDiscardResponse };
  'audit.outbox.list': { request: OutboxListRequest; response: OutboxListResponse };
  'audit.outbox.retry': { request: OutboxRetryRequest; response: OutboxRetryResponse };
  'audit.outbox.show': { request: OutboxShowRequest; response: OutboxShowResponse };
  'audit.price.list': { request: AuditPriceListRequest; response: AuditPriceListResponse };
  'audit.price.set': { request: AuditPriceSetRequest; response: AuditPriceSetResponse };
  'audit.price.show': { request: AuditPriceShowRequest; response: AuditPriceShowResponse };
  'audit.proof.consistency': { request: AuditProofConsistencyRequest; response: AuditProofConsistencyResponse };
  'audit.proof.event': { request: AuditProofEventRequest; response: AuditProofEventResponse };
  'audit.record.search': { request: AuditRecordSearchRequest; response: AuditRecordSearchResponse };
  'audit.record.show': { request: AuditRecordShowRequest; response: AuditRecordShowResponse };
  'audit.replay.awaited': { request: AuditReplayAwaitedRequest; response: AuditReplayAwaitedResponse };
  'audit.replay.cancel': { request: AuditReplayCancelRequest; response: AuditReplayCancelResponse };
  'audit.replay.list': { request: AuditReplayListRequest; response: AuditReplayListResponse };
  'audit.replay.pause': { request: AuditReplayPauseRequest; response: AuditReplayPauseResponse };
  'audit.replay.plan': { request: AuditReplayPlanRequest; response: AuditReplayPlanResponse };
  'audit.replay.report': { request: AuditReplayReportRequest; response: AuditReplayReportResponse };
  'audit.replay.resume': { request: AuditReplayResumeRequest; response: AuditReplayResumeResponse };
  'audit.replay.show': { request: AuditReplayShowRequest; response: AuditReplayShowResponse };
  'audit.replay.start': { request: AuditReplayStartRequest; response: AuditReplayStartResponse };
  'audit.replay.take': { request: AuditReplayTakeRequest; response: AuditReplayTakeResponse };
  'audit.report.show': { request: AuditReportShowRequest; response: AuditReportShowResponse };
  'audit.summary.show': { request: AuditSummaryShowRequest; response: AuditSummaryShowResponse };
  'auth.grant.set': { request: AuthGrantSetRequest; response: AuthGrantSetResponse };
  'auth.identity.show': { request: AuthIdentityShowRequest; response: AuthIdentityShowResponse };
  'auth.key.exchange': { request: AuthKeyExchangeRequest; response: AuthKeyExchangeResponse };
  'auth.key.issue': { request: AuthKeyIssueRequest; response: AuthKeyIssueResponse };
  'auth.key.list': { request: AuthKeyListRequest; response: AuthKeyListResponse };
  'auth.key.revoke': { request: AuthKeyRevokeRequest; response: AuthKeyRevokeResponse };
  'auth.outbox.discard': { request: OutboxDiscardRequest; response: OutboxDiscardResponse };
  'auth.outbox.list': { request: OutboxListRequest; response: OutboxListResponse };
  'auth.outbox.retry': { request: OutboxRetryRequest; response: OutboxRetryResponse };
  'auth.outbox.show': { request: OutboxShowRequest; response: OutboxShowResponse };
  'auth.password.set': { request: AuthPasswordSetRequest; response: AuthPasswordSetResponse };
  'auth.principal.add': { request: AuthPrincipalAddRequest; response: AuthPrincipalAddResponse };
  'auth.principal.disable': { request: AuthPrincipalDisableRequest; response: AuthPrincipalDisableResponse };
  'auth.principal.enable': { request: AuthPrincipalEnableRequest; response: AuthPrincipalEnableResponse };
  'auth.principal.list': { request: AuthPrincipalListRequest; response: AuthPrincipalListResponse };
  'auth.principal.show': { request: AuthPrincipalShowRequest; response: AuthPrincipalShowResponse };
  'auth.refusal.report': { request: AuthRefusalReportRequest; response: AuthRefusalReportResponse };
  'auth.service-token.issue': { request: AuthServiceTokenIssueRequest; response: AuthServiceTokenIssueResponse };
  'auth.session.create': { request: AuthSessionCreateRequest; response: AuthSessionCreateResponse };
  'auth.session.end': { request: AuthSessionEndRequest; response: AuthSessionEndResponse };
  'auth.session.list': { request: AuthSessionListRequest; response: AuthSessionListResponse };
  'auth.session.refresh': { request: AuthSessionRefreshRequest; response: AuthSessionRefreshResponse };
  'auth.tenant.add': { request: AuthTenantAddRequest; response: AuthTenantAddResponse };
  'auth.tenant.list': { request: AuthTenantListRequest; response: AuthTenantListResponse };
  'auth.trust.read': { request: AuthTrustReadRequest; response: AuthTrustReadResponse };
  'cache-janitor.backup.create': { request: CacheJanitorBackupCreateRequest; response: CacheJanitorBackupCreateResponse };
  'cache-janitor.backup.list': { request: CacheJanitorBackupListRequest; response: CacheJanitorBackupListResponse };
  'cache-janitor.backup.verify': { request: CacheJanitorBackupVerifyRequest; response: CacheJanitorBackupVerifyResponse };
  'cache-janitor.cache.manifest': { request: CacheJanitorCacheManifestRequest; response: CacheJanitorCacheManifestResponse };
  'cache-janitor.cache.stats': { request: CacheJanitorCacheStatsRequest; response: CacheJanitorCacheStatsResponse };
  'cache-janitor.cache.sweep': { request: CacheJanitorCacheSweepRequest; response: CacheJanitorCacheSweepResponse };
  'cache-janitor.cycle.list': { request: CacheJanitorCycleListRequest; response: CacheJanitorCycleListResponse };
  'cache-janitor.cycle.show': { request: CacheJanitorCycleShowRequest; response: CacheJanitorCycleShowResponse };
  'cache-janitor.outbox.discard': { request: OutboxDiscardRequest; response: OutboxDiscardResponse };
  'cache-janitor.outbox.list': { request: OutboxListRequest; response: OutboxListResponse };
  'cache-janitor.outbox.retry': { request: OutboxRetryRequest; response: OutboxRetryResponse };
  'cache-janitor.outbox.show': { request: OutboxShowRequest; response: OutboxShowResponse };
  'harvester.artifact.check': { request: ArtifactCheckRequest; response: ArtifactCheckResponse };
  'harvester.artifact.read': { request: ArtifactReadRequest; response: ArtifactReadResponse };
  'harvester.cache.compress': { request: CacheCompressRequest; response: CacheCompressResponse };
  'harvester.cache.evict': { request: CacheEvictRequest; response: CacheEvictResponse };
  'harvester.cache.list': { request: CacheListRequest; response: CacheListResponse };
  'harvester.cache.lookups': { request: CacheLookupsRequest; response: CacheLookupsResponse };
  'harvester.finding.allow': { request: HarvesterFindingAllowRequest; response: HarvesterFindingAllowResponse };
  'harvester.finding.list': { request: HarvesterFindingListRequest; response: HarvesterFindingListResponse };
  'harvester.finding.revoke': { request: HarvesterFindingRevokeRequest; response: HarvesterFindingRevokeResponse };
  'harvester.gate.set': { request: HarvesterGateSetRequest; response: HarvesterGateSetResponse };
  'harvester.gate.show': { request: HarvesterGateShowRequest; response: HarvesterGateShowResponse };
  'harvester.harvest.request': { request: HarvesterHarvestRequestRequest; response: HarvesterHarvestRequestResponse };
  'harvester.harvest.request-all': { request: HarvesterHarvestRequestAllRequest; response: HarvesterHarvestRequestAllResponse };
  'harvester.job.cancel': { request: HarvesterJobCancelRequest; response: HarvesterJobCancelResponse };
  'harvester.job.list': { request: HarvesterJobListRequest; response: HarvesterJobListResponse };
  'harvester.job.show': { request: HarvesterJobShowRequest; response: HarvesterJobShowResponse };
  'harvester.outbox.discard': { request: OutboxDiscardRequest; response: OutboxDiscardResponse };
  'harvester.outbox.list': { request: OutboxListRequest; response: OutboxListResponse };
  'harvester.outbox.retry': { request: OutboxRetryRequest; response: OutboxRetryResponse };
  'harvester.outbox.show': { request: OutboxShowRequest; response: OutboxShowResponse };
  'harvester.posture.show': { request: HarvesterPostureShowRequest; response: HarvesterPostureShowResponse };
  'harvester.repository.add': { request: HarvesterRepositoryAddRequest; response: HarvesterRepositoryAddResponse };
  'harvester.repository.list': { request: HarvesterRepositoryListRequest; response: HarvesterRepositoryListResponse };
  'harvester.repository.remove': { request: HarvesterRepositoryRemoveRequest; response: HarvesterRepositoryRemoveResponse };
  'normalizer.artifact.check': { request: ArtifactCheckRequest; response: ArtifactCheckResponse };
  'normalizer.artifact.read': { request: ArtifactReadRequest; response: ArtifactReadResponse };
  'normalizer.cache.compress': { request: CacheCompressRequest; response: CacheCompressResponse };
  'normalizer.cache.evict': { request: CacheEvictRequest; response: CacheEvictResponse };
  'normalizer.cache.list': { request: CacheListRequest; response: CacheListResponse };
  'normalizer.cache.lookups': { request: CacheLookupsRequest; response: CacheLookupsResponse };
  'normalizer.consumer.unhandled': { request: ConsumerUnhandledRequest; response: ConsumerUnhandledResponse };
  'normalizer.graph.cycles': { request: NormalizerGraphCyclesRequest; response: NormalizerGraphCyclesResponse };
  'normalizer.graph.dependents': { request: NormalizerGraphDependentsRequest; response: NormalizerGraphDependentsResponse };
  'normalizer.graph.impact': { request: NormalizerGraphImpactRequest; response: NormalizerGraphImpactResponse };
  'normalizer.graph.search': { request: NormalizerGraphSearchRequest; response: NormalizerGraphSearchResponse };
  'normalizer.graph.summary': { request: NormalizerGraphSummaryRequest; response: NormalizerGraphSummaryResponse };
  'normalizer.graph.why': { request: NormalizerGraphWhyRequest; response: NormalizerGraphWhyResponse };
  'normalizer.held.discard': { request: HeldDiscardRequest; response: HeldDiscardResponse };
  'normalizer.held.list': { request: HeldListRequest; response: HeldListResponse };
  'normalizer.held.redrive': { request: HeldRedriveRequest; response: HeldRedriveResponse };
  'normalizer.held.show': { request: HeldShowRequest; response: HeldShowResponse };
  'normalizer.outbox.discard': { request: OutboxDiscardRequest; response: OutboxDiscardResponse };
  'normalizer.outbox.list': { request: OutboxListRequest; response: OutboxListResponse };
  'normalizer.outbox.retry': { request: OutboxRetryRequest; response: OutboxRetryResponse };
  'normalizer.outbox.show': { request: OutboxShowRequest; response: OutboxShowResponse };
  'normalizer.package.users': { request: NormalizerPackageUsersRequest; response: NormalizerPackageUsersResponse };
  'normalizer.repository.links': { request: NormalizerRepositoryLinksRequest; response: NormalizerRepositoryLinksResponse };
  'registry.outbox.discard': { request: OutboxDiscardRequest; response: OutboxDiscardResponse };
  'registry.outbox.list': { request: OutboxListRequest; response: OutboxListResponse };
  'registry.outbox.retry': { request: OutboxRetryRequest; response: OutboxRetryResponse };
  'registry.outbox.show': { request: OutboxShowRequest; response: OutboxShowResponse };
}

export type RpcOperation = keyof RpcShapes;
