// What is on the bus, as a list: for documents and tests. Programs that speak on it need ./bus and ./events only.
export { createAsyncapiDocument } from './asyncapi-document.ts';
export { PUBLIC_COMMANDS, PUBLIC_EVENTS } from './catalogue.ts';
export type { PublicCommand, PublicEvent, Sender } from './public-event.ts';
