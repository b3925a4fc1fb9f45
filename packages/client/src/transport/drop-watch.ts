import type { Aging, OpenCall } from './open-call.ts';

/** Ends calls whose stream was dropped before its end: nothing else would say so. */
const dropped = new FinalizationRegistry<OpenCall>((call) => {
  call.left('abandoned', 'app');
  call.closed();
});

/** Notices when what the app alone holds of an answer is garbage: only of a call that has lasted for a moment, since it costs. */
export class DropWatch implements Aging {
  private readonly call: OpenCall;
  private target: object | undefined;
  private isAged = false;

  constructor(target: object, call: OpenCall) {
    this.target = target;
    this.call = call;
  }

  aged(): void {
    this.isAged = true;
    const { target } = this;
    this.target = undefined;
    if (target) dropped.register(target, this.call, this);
  }

  /** From now on the app holds the answer by something else; undefined where nothing would tell. */
  moveTo(target: object | undefined): void {
    this.target = target;
    if (!this.isAged) return;
    dropped.unregister(this);
    this.aged();
  }
}

/** Notices when `stream`, the answer of a call, is garbage. */
export function watchForDrop(stream: object, call: OpenCall): DropWatch {
  const watch = new DropWatch(stream, call);
  call.onAged(watch);
  return watch;
}
