/** Who makes a call, and in what it belongs; beside what its monitor knows already. */
export interface CallIdentity {
  requestId: string;
  /** Shared by the attempts of one call that its SDK repeats. */
  logicalId?: string;
  sessionId?: string;
  userId?: string;
  tags?: readonly string[];
  /** W3C trace context. */
  traceparent?: string;
}
