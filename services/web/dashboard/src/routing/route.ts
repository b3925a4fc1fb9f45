/** What the address says. Every view is restored from it alone. */
export interface Route {
  page: 'live' | 'not-found';
  /** Demo traffic alone, instead of real traffic. */
  demo: boolean;
}

export function routeOf(address: URL): Route {
  return {
    page: address.pathname === '/' || address.pathname === '/index.html' ? 'live' : 'not-found',
    demo: address.searchParams.get('demo') === 'true',
  };
}
