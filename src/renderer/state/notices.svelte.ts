import type { StudioClient, StudioNotice } from '../../shared/ipc/contract.ts';

/** What the studio must tell the user until it is dismissed. */
export class Notices {
  items = $state.raw<readonly StudioNotice[]>([]);
  readonly #client: StudioClient;

  constructor(client: StudioClient) {
    this.#client = client;
  }

  start(): () => void {
    return this.#client.subscribe('studio.notice', (notice) => {
      this.items = [...this.items.filter((item) => item.id !== notice.id), notice];
    });
  }

  async load(): Promise<void> {
    this.items = await this.#client.invoke('studio.notices', {});
  }

  async dismiss(id: string): Promise<void> {
    this.items = this.items.filter((item) => item.id !== id);
    await this.#client.invoke('studio.dismissNotice', { id });
  }

  /** Does what the notice's button offers, then dismisses it. */
  async act(notice: StudioNotice): Promise<void> {
    const action = notice.action;
    if (action?.kind === 'restore-backup') {
      await this.#client.invoke('studio.restoreBackup', { backupPath: action.backupPath });
    } else if (action?.kind === 'resume-run') {
      await this.#client.invoke('runs.resume', { runId: action.runId });
    } else if (action?.kind === 'install-engine') {
      await this.#client.invoke('engine.startInstall', {});
    }
    await this.dismiss(notice.id);
  }
}
