import type { LinkState } from '../api/web-socket.ts';

/** Whether the studio can be reached. Views read `generation`, so that they load again after a break. */
export class Link {
  state = $state<LinkState>('connecting');
  /** Counts the connections made so far. */
  generation = $state(0);

  set(state: LinkState): void {
    if (state === 'open') this.generation++;
    this.state = state;
  }
}
