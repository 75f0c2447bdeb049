import { formatRoute, parseRoute, type Route } from './route.ts';

/** The window's place, kept in the address. */
export class Router {
  route = $state.raw<Route>({ name: 'gallery' });

  /** Follows the address; returns the function that stops. */
  start(): () => void {
    const follow = () => {
      this.route = parseRoute(location.hash);
    };
    follow();
    window.addEventListener('hashchange', follow);
    return () => window.removeEventListener('hashchange', follow);
  }

  go(route: Route): void {
    location.hash = formatRoute(route);
  }

  /** Goes to a neighbouring place, such as the next of a list, without a step of Back for each. */
  replace(route: Route): void {
    history.replaceState(null, '', formatRoute(route));
    this.route = route;
  }

  /**
   * Gives the present place another address without going anywhere, e.g. once what is shown has an id of its own.
   */
  address(route: Route): void {
    history.replaceState(null, '', formatRoute(route));
  }
}
