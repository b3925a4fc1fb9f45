/**
 * What a counter said it goes on saying until it is more: a call that seemed gone and ends after all is taken back from the failed ones, and
 * a counter that shrinks is taken for one that began anew, with all it has. One that lost more than half did begin anew.
 */
export function createNeverLess(): (series: string, value: number) => number {
  const said = new Map<string, number>();
  return (series, value) => {
    const before = said.get(series) ?? 0;
    if (value < before && value >= before / 2) return before;
    said.set(series, value);
    return value;
  };
}
