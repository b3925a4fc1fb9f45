/** Something that happens once, and cuts waits short. */
export interface Signal {
  give(): void;
  isGiven(): boolean;
  or(other: Promise<void>): Promise<void>;
  orAfter(ms: number): Promise<void>;
}

/** Not by `Promise.race`: each race would stay with the promise of the signal, for as long as that is not given. */
export function createSignal(): Signal {
  const waits = new Set<() => void>();
  let given = false;
  const or = (other: Promise<void>): Promise<void> =>
    new Promise((resolve, reject) => {
      const end = () => {
        waits.delete(end);
        resolve();
      };
      other.then(end, (error: unknown) => {
        waits.delete(end);
        reject(error as Error);
      });
      if (given) resolve();
      else waits.add(end);
    });
  return {
    give() {
      given = true;
      for (const end of waits) end();
    },
    isGiven: () => given,
    or,
    async orAfter(ms: number) {
      let timer: NodeJS.Timeout | undefined;
      await or(
        new Promise((resolve) => {
          timer = setTimeout(resolve, ms);
        }),
      );
      clearTimeout(timer);
    },
  };
}
