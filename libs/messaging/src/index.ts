export { brokerTls, connectBroker } from './broker.client';
export type { Broker, BrokerOptions, BrokerTls } from './broker.client';
export { openBucket } from './bucket.client';
export type { Bucket, Kept } from './bucket.client';
export type { AskConsumers, AskReplays, AwaitedEvent, HandledEvents, Lookups, NamingEvent, Shelf } from './cache';
export { askConsumers, askReplays, cacheRpcs, outcomeOf, unhandledRpcs } from './cache.handler';
export type { CacheOwner } from './cache.handler';
export type { TellingService } from './consumer-readers';
export { certificateFault } from './certificate-fault';
export type { TlsWords } from './certificate-fault';
export { startConsumers } from './consumers.worker';
export type { Consumers, ConsumersOptions } from './consumers.worker';
export { createEnvelope, laneKey, messageId } from './envelope';
export type { EnvelopeOrigin } from './envelope';
export type { GroupState } from './group.worker';
export { heldRpcs } from './held.handler';
export type { HeldService } from './held.handler';
export { serveIngest } from './ingest.worker';
export type { HandedIn, IngestAnswer, IngestOptions, IngestServer } from './ingest.worker';
export { createLogReader } from './log-reader.client';
export type { LoggedMessage, LogReader, LogReaderOptions, StreamPosition } from './log-reader.client';
export { pageOf, readPage } from './page';
export type { Page } from './page';
export { LIVE } from './ports';
export type {
  Announcement,
  Cause,
  DeliveryKey,
  GroupId,
  HeldDesk,
  HeldEvent,
  HeldEvents,
  HeldFailure,
  HeldFilter,
  HeldRecord,
  HeldState,
  HoldRequest,
  Inbox,
  Lease,
  Leases,
  LogPlace,
  Outbox,
  OutboxLeadership,
  OutboxRow,
  OutboxStats,
  RedriveSelection,
  ReplayBatch,
  ReplayFailure,
  ReplayReport,
  ReplaySource,
  Run,
  UnitOfWork,
} from './ports';
export { provision, streamConfig } from './provision.client';
export type { ProvisionOptions } from './provision.client';
export { createPublisher, MAX_BATCH } from './publish.client';
export type { BatchOutcome, Publisher, WireEvent } from './publish.client';
export { startRelay } from './relay.worker';
export type { Relay, RelayOptions } from './relay.worker';
export { RPC_HEADERS, idsOf, isAmong, rpcSubject, serve } from './rpc';
export type { Admission, CallerClaims, Repositories, RpcContext, RpcGuard, RpcHandler, UnprovenCall } from './rpc';
export { createRpcClient } from './rpc.client';
export type { RpcCallOptions, RpcClient, RpcClientOptions } from './rpc.client';
export { serveRpcs } from './rpc-server.worker';
export type { RpcServer, RpcServerOptions } from './rpc-server.worker';
export { RETRY_POLICY } from './settle';
export type { RetryPolicy } from './settle';
export type { PublishOutcome } from './stream-answer';
export { readStored } from './stored.client';
export { onSignal, sendSignal } from './signal.client';
export { readContent, storedIds } from './stream-reader.client';
export type { StreamContent } from './stream-reader.client';
export { removeStream, RESTORED_FROM, restoreConsumers, restoreStream } from './stream-restore.client';
export { consumerFloors, openSnapshot } from './stream-snapshot.client';
export type { ConsumerFloor, StreamRecord, StreamSnapshot, StreamState } from './stream-snapshot.client';
export { on } from './subscription';
export type { DeliveryContext, Handler, Subscription } from './subscription';
