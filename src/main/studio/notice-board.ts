import type { StudioNotice } from '../../shared/ipc/contract.ts';
import type { Publish } from './surroundings.ts';

/** What the user must be told once, until it is dismissed or settled. */
export class NoticeBoard {
  readonly #notices = new Map<string, StudioNotice>();
  readonly #publish: Publish;

  constructor(publish: Publish) {
    this.#publish = publish;
  }

  /** Shows a notice; one with the same id is replaced. */
  post(notice: StudioNotice): void {
    this.#notices.set(notice.id, notice);
    this.#publish('studio.notice', notice);
  }

  has(id: string): boolean {
    return this.#notices.has(id);
  }

  list(): StudioNotice[] {
    return [...this.#notices.values()];
  }

  /** Takes a notice away; one that is gone already is no error. */
  dismiss(id: string): void {
    this.#notices.delete(id);
  }
}
