let waiting: (() => void)[] = [];
let isRunning = false;

/**
 * Does costly work one piece a task, so that the page answers in between: eight charts drawn at once would hold it for longer than
 * anybody's patience. @returns what calls it off
 */
export function inTurn(work: () => void): () => void {
  waiting.push(work);
  if (!isRunning) next();
  return () => {
    waiting = waiting.filter((each) => each !== work);
  };
}

function next(): void {
  isRunning = waiting.length > 0;
  if (!isRunning) return;
  setTimeout(() => {
    const work = waiting.shift();
    try {
      work?.();
    } finally {
      next();
    }
  });
}
