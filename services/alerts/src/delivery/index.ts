// What tests that run it in their own process need.
export { createChannelWays, type ChannelWays } from '../adapters/delivery/create-channel-io.ts';
export { createOutbox, type Outbox } from '../adapters/delivery/outbox.ts';
export { CHANNELS } from '../channels/channels.ts';
export { renderMessage } from '../core/message/render-message.ts';
export type { Notification } from '../core/notification.ts';
export { sendOnce, type SendResult } from './send-once.ts';
