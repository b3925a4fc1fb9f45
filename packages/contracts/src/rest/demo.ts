import { Type, type Static } from '../typebox/index.ts';

/** `GET /api/demo`, and the answers of `POST /api/demo/start` and `/stop`. */
export const DemoState = Type.Object(
  {
    running: Type.Boolean({ description: 'demo traffic that was started by the API' }),
    until: Type.Union([Type.String({ format: 'date-time' }), Type.Null()], {
      description: 'when it ends by itself',
    }),
  },
  { $id: 'DemoState' },
);
export type DemoState = Static<typeof DemoState>;
