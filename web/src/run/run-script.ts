import { startTask, getStartParams } from '../api/tasks';
import type { Task } from '../api/types';
import { openConsoleTab } from '../console/console-store';
import { dirtyDocuments, saveDocument } from '../editor/documents';
import { baseName } from '../lib/paths';

/**
 * Saves what is open, so that what is seen is what runs, starts the script and shows its output. Returns false, with
 * nothing started, when a file was changed by somebody else meanwhile.
 */
export async function runScript(applicationId: string, path: string, params: string): Promise<boolean> {
  for (const { key } of dirtyDocuments(applicationId)) {
    if (!(await saveDocument(key))) return false;
  }
  const { pid } = await startTask({ applicationId, script: path }, params);
  openConsoleTab(pid, baseName(path));
  return true;
}

/** Starts the script of a task again, with that task's parameters. */
export async function runAgain(task: Task): Promise<void> {
  const params = await getStartParams(task.pid);
  const { pid } = await startTask({ applicationId: task.applicationId, script: task.startPath }, params);
  openConsoleTab(pid, baseName(task.startPath));
}
