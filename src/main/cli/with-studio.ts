import type { CommandInput, StudioSession, Terminal } from './command.ts';

/**
 * Runs a command's work against a studio process and ends it afterwards, whatever happens. What the studio has to
 * say to the user (a damaged database moved aside, a run that crashed) is told first.
 */
export async function withStudio<R>(
  input: CommandInput,
  terminal: Terminal,
  work: (session: StudioSession) => Promise<R>,
): Promise<R> {
  const session = await terminal.openStudio({ dataDirectory: input.dataDirectory });
  try {
    await Promise.race([tellNotices(session, terminal), session.lost]);
    return await Promise.race([work(session), session.lost]);
  } finally {
    await session.close();
  }
}

async function tellNotices({ client }: StudioSession, terminal: Terminal): Promise<void> {
  const notices = await client.invoke('studio.notices', {});
  const relevant = notices.filter(
    (notice) => notice.level !== 'info' && notice.action?.kind !== 'install-engine',
  );
  for (const { level, title, text } of relevant) terminal.tell(`${level}: ${title}. ${text}`);
}
