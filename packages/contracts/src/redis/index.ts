// What is stored in Redis, and under which keys. Only the collector writes it; api and web read it.
export * from './access.ts';
export { blockPlace, withoutBlocks } from './count-blocks.ts';
export * from './counts.ts';
export * from './feed.ts';
export * from './history-lists.ts';
export * from './keys.ts';
export * from './lifetime.ts';
export {
  parseRequestMember,
  parseRollupMember,
  requestMember,
  rollupMember,
  type Dimensions,
} from './members.ts';
export * from './record-codec.ts';
export {
  RESOURCES_FIELD,
  storedFieldName,
  type AskedRecord,
  type LoneRecord,
  type RequestRecord,
  type ResultRecord,
  type StoredRecord,
  type StoredResources,
} from './request-record.ts';
export * from './shard.ts';
export { isShortForm } from './short-form.ts';
export * from './stored-telemetry.ts';
