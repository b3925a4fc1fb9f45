import type { FastifyPluginCallbackTypebox } from '@fastify/type-provider-typebox';
import {
  AlertChannelBody,
  MAX_CHANNELS,
  type AlertChannel,
  type AlertChannels,
  type AlertChannelTest,
  type ChannelKind,
} from '@llm-monitor/contracts/alerts';
import { Type } from '@llm-monitor/contracts/typebox';

import { askToTryChannel } from '../adapters/ask-to-try-channel.ts';
import { createChannelStore, type ChannelStore } from '../adapters/channel-store.ts';
import { ProblemError } from '../problem.ts';
import { answers, goneAnswers } from './answers.ts';
import { changeChannel } from './change-channel.ts';
import type { RouteContext } from './route-context.ts';

const OneChannel = Type.Object({ id: Type.String({ maxLength: 64 }) });
const none = Type.Object({});

export const alertChannelRoutes: FastifyPluginCallbackTypebox<RouteContext> = (
  app,
  context,
  done,
) => {
  const channels = createChannelStore(context.store);
  // A foreign page can send text without asking first. JSON it cannot.
  app.removeContentTypeParser('text/plain');
  app.get(
    '/api/alerts/channels',
    {
      schema: {
        tags: ['alerts'],
        summary: 'By which channels people are told, how each does, and of what kinds there can be',
        description:
          'Of a secret only that it is set. `settings` of a kind is a JSON Schema with what a form needs to know.',
        querystring: none,
        response: answers('Channels and kinds', Type.Ref('AlertChannels#')),
      },
    },
    async (): Promise<AlertChannels> => {
      const kinds = (await channels.readKinds()) ?? [];
      return { channels: await channels.list(kinds), kinds };
    },
  );
  app.put<{ Params: { id: string }; Body: AlertChannelBody | null }>(
    '/api/alerts/channels/:id',
    {
      schema: {
        tags: ['alerts'],
        summary: 'Add a channel, or change one',
        description:
          'What is left out stays as it was, secrets too; `null` removes a setting. Where a change sends it to another server, secrets have to be given again.',
        params: OneChannel,
        querystring: none,
        body: AlertChannelBody,
        response: answers('The channel', Type.Ref('AlertChannel#')),
      },
    },
    async (request) => {
      const { id } = request.params;
      const kinds = await kindsOf(channels);
      const before = await channels.read(id);
      const nowMs = context.now();
      const channel = changeChannel({ id, body: request.body ?? {}, before, kinds, nowMs });
      if (!before && (await channels.count()) >= MAX_CHANNELS) throw tooMany();
      await channels.write(channel);
      request.log.info({ channel: id, kind: channel.kind }, 'a channel was set');
      return shown(await channels.list(kinds), id);
    },
  );
  app.delete<{ Params: { id: string } }>(
    '/api/alerts/channels/:id',
    {
      schema: {
        tags: ['alerts'],
        summary: 'Delete a channel, and what it has not told yet',
        params: OneChannel,
        querystring: none,
        response: goneAnswers,
      },
    },
    async (request, reply) => {
      const { id } = request.params;
      if (!(await channels.remove(id))) throw noSuchChannel(id);
      request.log.info({ channel: id }, 'a channel was deleted');
      return reply.code(204).send(null);
    },
  );
  app.post<{ Params: { id: string } }>(
    '/api/alerts/channels/:id/test',
    {
      schema: {
        tags: ['alerts'],
        summary: 'Send a test by a channel, and say what came of it',
        description:
          '`ok` says whether it was taken, `detail` what the other side said. 503: nobody could try it.',
        params: OneChannel,
        querystring: none,
        response: answers('What came of it', Type.Ref('AlertChannelTest#')),
      },
    },
    async (request): Promise<AlertChannelTest> => {
      const { id } = request.params;
      if (!(await channels.read(id))) throw noSuchChannel(id);
      const { ok, detail } = await askToTryChannel(context.bus, id);
      request.log.info({ channel: id, ok }, 'a channel was tried');
      return { id, ok, detail };
    },
  );
  done();
};

async function kindsOf(channels: ChannelStore): Promise<ChannelKind[]> {
  const kinds = await channels.readKinds();
  if (kinds) return kinds;
  throw new ProblemError(
    503,
    'Kinds of channels are not known yet',
    {
      en: 'The alerts service says what kinds there are, and it has not run here yet. Start it; ask again.',
      it: 'I tipi li dice il servizio degli avvisi, che qui non è ancora partito. Avvialo e riprova.',
    },
    { 'retry-after': '2' },
  );
}

function shown(list: readonly AlertChannel[], id: string): AlertChannel {
  const channel = list.find((one) => one.id === id);
  if (channel) return channel;
  throw noSuchChannel(id);
}

const noSuchChannel = (id: string) =>
  new ProblemError(404, 'No such channel', {
    en: `There is no channel "${id.slice(0, 64)}". GET /api/alerts/channels lists what there is.`,
    it: `Non c’è un canale "${id.slice(0, 64)}": forse è stato eliminato altrove.`,
  });

const tooMany = () =>
  new ProblemError(409, 'Too many channels', {
    en: `There are ${MAX_CHANNELS} channels, and no more are kept. Delete one first.`,
    it: `Ci sono già ${MAX_CHANNELS} canali, il massimo. Prima eliminane uno.`,
  });
