// Preloaded: from here on the clock of this program is wrong by `CLOCK_WRONG_BY_MS`.
const wrongByMs = Number(process.env.CLOCK_WRONG_BY_MS);
const RightDate = Date;

globalThis.Date = class Date extends RightDate {
  constructor(...given) {
    if (given.length === 0) super(RightDate.now() + wrongByMs);
    else super(...given);
  }

  static now() {
    return RightDate.now() + wrongByMs;
  }
};
