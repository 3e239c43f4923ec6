/** What one replica's log writer is doing. */
export type RecorderState =
  | { state: 'stopped' }
  /** Another process writes. */
  | { state: 'standby' }
  | { state: 'writing' }
  /** Broker or database failed; it tries again. */
  | { state: 'interrupted'; why: string }
  /** Stream and log contradict each other: stays stopped until an operator decides. */
  | { state: 'conflict'; why: string };
