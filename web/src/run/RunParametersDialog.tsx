import { useTexts } from '../i18n';
import { baseName } from '../lib/paths';
import { JsonDialog } from './JsonDialog';
import { rememberParameters, scriptKey, useRemembered } from './remembered';
import { runScript } from './run-script';

/** Runs a script with parameters; the last ones of each script are remembered, also when it could not start. */
export function RunParametersDialog({ applicationId, path, onClose }: { applicationId: string; path: string; onClose: () => void }) {
  const t = useTexts();
  const key = scriptKey(applicationId, path);
  const initial = useRemembered.getState().parameters[key] ?? '{}';
  return (
    <JsonDialog
      title={t.run.parametersTitle(baseName(path))}
      text={t.run.merged}
      label={t.run.parameters}
      hint={t.run.parametersHint}
      initial={initial}
      submit={t.run.run}
      onClose={onClose}
      onDraft={(text) => rememberParameters(key, text)}
      onSubmit={async (text) => {
        rememberParameters(key, text);
        await runScript(applicationId, path, text);
      }}
    />
  );
}
