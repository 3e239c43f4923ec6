export { Fault, isFault, isFaultRecord } from './fault';
export type { FaultKind, FaultOptions, FaultRecord } from './fault';
