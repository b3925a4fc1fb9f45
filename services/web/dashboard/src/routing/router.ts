import { createStore, type Store } from '../store/store.ts';
import { addressOf, routeOf, withRequest, type Route } from './route.ts';

/** Follows the address, and changes it without loading the page again. */
export interface Router {
  route: Store<Route>;
  /** Opens a call's drawer. */
  openRequest(id: string): void;
  /** Another page, as by a link to it. */
  open(address: string): void;
  /** Narrows the page otherwise. `isTyping`: Back does not go through every letter. */
  setFilter(filter: string, isTyping: boolean): void;
  /** Shows another call in the open drawer; Back still leads out of it. */
  turnToRequest(id: string): void;
  /** Closes the drawer: back to where it was opened from. */
  closeRequest(): void;
}

/** Links inside of the dashboard are followed here; all others, and those that ask for a new tab, by the browser. */
export function createRouter(window: Window): Router {
  const { history, document, location } = window;
  const route = createStore(routeOf(new URL(location.href)));
  const read = () => {
    const before = route.get();
    const after = routeOf(new URL(location.href));
    const isSame = Object.entries(after).every(
      ([name, value]) => value === before[name as keyof Route],
    );
    if (!isSame) route.set(after);
  };
  const go = (address: string, state: unknown = null) => {
    history.pushState(state, '', address);
    read();
  };

  const open = (address: string) => {
    const { page, item } = route.get();
    const next = routeOf(new URL(address, location.href));
    go(address, next.request ? OPENED_HERE : null);
    if (next.page !== page || next.item !== item) window.scrollTo(0, 0);
  };

  window.addEventListener('popstate', read);
  document.addEventListener('click', (event) => {
    const link = followedLink(event);
    if (!link) return;
    const address = new URL(link.href);
    const next = routeOf(address);
    const isHere = address.origin === location.origin && next.page !== 'not-found';
    // Other traffic needs another connection: the page begins anew. Anchors are the browser's.
    if (!isHere || next.demo !== route.get().demo || address.hash) return;
    event.preventDefault();
    open(link.href);
  });

  return {
    route,
    open,
    openRequest: (id) => go(withRequest(route.get(), id), OPENED_HERE),
    turnToRequest(id) {
      history.replaceState(history.state, '', withRequest(route.get(), id));
      read();
    },
    setFilter(filter, isTyping) {
      const { page } = route.get();
      if (page === 'not-found') return;
      const address = addressOf(page, { ...route.get(), filter });
      if (!isTyping) return go(address);
      history.replaceState(history.state, '', address);
      read();
    },
    closeRequest() {
      if (isOpenedHere(history.state)) return history.back();
      history.replaceState(null, '', withRequest(route.get(), null));
      read();
    },
  };
}

/** What is kept with a drawer's address: the one before it is ours too. */
const OPENED_HERE = { openedHere: true };
const isOpenedHere = (state: unknown) => (state as typeof OPENED_HERE | null)?.openedHere === true;

function followedLink(event: MouseEvent): HTMLAnchorElement | null {
  const isPlain =
    event.button === 0 && !(event.metaKey || event.ctrlKey || event.shiftKey || event.altKey);
  if (!isPlain || event.defaultPrevented || !(event.target instanceof Element)) return null;
  const link = event.target.closest('a');
  return link?.href && !link.target && !link.hasAttribute('download') ? link : null;
}
