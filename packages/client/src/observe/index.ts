// For the agent, whose proxy sees the calls of programs that do not use this package, and for the command line. Not part of the published surface.
export { createCallHub, type CallHub, type CallHubOptions, type PassingCall } from './call-hub.ts';
export type { CallStart } from '../call/call-tracker.ts';
export type { CallIdentity } from '../call/call-identity.ts';
export type { MonitorState } from '../monitor/call-hub.ts';
export type { OpenCall } from '../transport/open-call.ts';
export type { ResponseHead } from '../wire/wire-format.ts';
export type { BodyEdges } from '../wire/request-body.ts';
export { parseBusUrl, type BusAddress } from '../publish/bus-address.ts';
export { connectionCredentials, credentialsFrom } from '../publish/bus-credentials.ts';
