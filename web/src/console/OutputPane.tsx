import { IconHourglass, IconMessageOff, IconPlugConnectedX, IconEraser } from '@tabler/icons-react';
import { useEffect, useMemo, useState, useSyncExternalStore } from 'react';
import { reportSignedOut } from '../api/client';
import type { Task, TaskStatus } from '../api/types';
import { useSession } from '../app/session-store';
import { useTexts } from '../i18n';
import { EmptyState } from '../ui/EmptyState';
import { copyText } from '../ui/clipboard';
import { notify, notifyError } from '../ui/notify';
import type { OutputState } from './messages';
import { OutputLines, useChildNames } from './OutputLines';
import { OutputToolbar } from './OutputToolbar';
import type { OutputSession } from './output-session';
import { SearchBar } from './SearchBar';
import { useOutputSearch } from './use-output-search';
import { useScroll } from './use-scroll';

/** The output of one task. It is read only while this is on the screen. */
export function OutputPane({ session, task }: { session: OutputSession; task: Task | undefined }) {
  const t = useTexts();
  const { output, matches } = useSyncExternalStore(session.subscribe, session.getSnapshot);
  const [following, setFollowing] = useState(true);
  const signedIn = useSession((state) => state.state === 'open');
  const scroll = useScroll(session, output, following, setFollowing);
  const search = useOutputSearch(session, matches, scroll.show);
  const childNames = useChildNames(output.pids);
  const namesByPid = useMemo(() => Object.fromEntries(output.pids.map((pid, i) => [pid, childNames[i] ?? ''])), [output.pids, childNames]);

  useEffect(() => {
    if (!signedIn) return;
    session.read(true);
    return () => session.read(false);
  }, [session, signedIn]);

  useEffect(() => {
    if (output.connection === 'signedOut') reportSignedOut();
  }, [output.connection]);

  const copy = async () => {
    const selection = getSelection();
    const selected = selection && scroll.view.current?.contains(selection.anchorNode) ? selection.toString() : '';
    try {
      if (selected !== '') {
        await copyText(selected);
        notify(t.common.copied);
        return;
      }
      const all = await session.text(output.first, output.end);
      if (!all) {
        notifyError(t.console.copyTooMuch);
        return;
      }
      await copyText(all.text);
      notify(t.console.copied(all.lines));
    } catch (error) {
      notifyError(error);
    }
  };

  return (
    <div
      className="output-pane"
      onKeyDown={(event) => {
        if ((event.ctrlKey || event.metaKey) && event.code === 'KeyF') {
          event.preventDefault();
          search.setOpen(true);
        }
      }}
    >
      <OutputToolbar
        task={task}
        session={session}
        childNames={namesByPid}
        following={following}
        onFollow={setFollowing}
        onSearch={() => search.setOpen(true)}
        onCopy={() => void copy()}
      />
      {search.open && (
        <SearchBar
          query={search.query}
          matchCase={search.matchCase}
          matches={matches}
          index={search.index}
          onQuery={search.setQuery}
          onMatchCase={search.setMatchCase}
          onStep={search.step}
          onClose={search.close}
        />
      )}
      {output.connection === 'waiting' && (
        <div className="output-note" role="status">
          {t.console.reconnecting}
        </div>
      )}
      {output.dropped > 0 && <div className="output-note">{t.console.dropped(output.dropped)}</div>}
      <div className="lines-area">
        <OutputLines
          view={scroll.view}
          window={scroll.window}
          scrollTop={scroll.scrollTop}
          viewHeight={scroll.viewHeight}
          first={output.first}
          end={output.end}
          childNames={childNames}
          highlight={search.highlight}
          onScroll={scroll.onScroll}
          onCopyAll={() => void copy()}
        />
        {output.end === output.first && <Nothing output={output} task={task} />}
      </div>
      <StatusLine status={task?.state === 'closed' ? null : (output.status ?? task?.status ?? null)} />
    </div>
  );
}

function Nothing({ output, task }: { output: OutputState; task: Task | undefined }) {
  const t = useTexts();
  const state = (() => {
    if (output.connection === 'failed') return <EmptyState icon={IconPlugConnectedX} title={t.console.failed} hint={output.message} />;
    if (output.cleared) return <EmptyState icon={IconEraser} title={t.console.cleared} />;
    if (output.connection === 'ended') return <EmptyState icon={IconMessageOff} title={t.console.noOutput} />;
    return <EmptyState icon={IconHourglass} title={task?.state === 'queued' ? t.console.queued : t.console.waiting} />;
  })();
  return <div className="lines-nothing">{state}</div>;
}

/** What the task says of its progress. */
function StatusLine({ status }: { status: TaskStatus | null }) {
  const t = useTexts();
  if (status === null || (status.text === '' && status.progress === null)) return null;
  const percent = status.progress === null ? null : Math.round(status.progress * 100);
  return (
    <div className="status-line">
      <span className="ellipsis">{status.text}</span>
      {percent !== null && (
        <>
          <div className="progress" role="progressbar" aria-label={t.console.progress} aria-valuenow={percent} aria-valuemin={0} aria-valuemax={100}>
            <div style={{ width: `${percent}%` }} />
          </div>
          <span className="muted">{percent}%</span>
        </>
      )}
    </div>
  );
}
