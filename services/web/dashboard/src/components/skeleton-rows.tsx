/** Rows that keep the place of what is to come. */
export function SkeletonRows({ rows }: { rows: number }) {
  return (
    <div class="skeleton-rows" aria-hidden="true">
      {Array.from({ length: rows }, (_, at) => (
        <div key={at} class="row is-skeleton">
          <span class="skeleton is-short" />
          <span class="skeleton is-long" />
          <span class="skeleton is-short" />
        </div>
      ))}
    </div>
  );
}
