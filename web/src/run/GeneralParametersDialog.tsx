import { Skeleton, Text } from '@mantine/core';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { getGeneralParameters, setGeneralParameters } from '../api/tasks';
import { describeError } from '../app/describe-error';
import { useTexts } from '../i18n';
import { formatJson } from '../lib/json';
import { Dialog } from '../ui/Dialog';
import { notify } from '../ui/notify';
import { JsonDialog } from './JsonDialog';

/** The parameters that every run of this user starts from. */
export function GeneralParametersDialog({ onClose }: { onClose: () => void }) {
  const t = useTexts();
  const client = useQueryClient();
  const { data, error } = useQuery({
    queryKey: ['general-parameters'],
    queryFn: getGeneralParameters,
    staleTime: 0,
    gcTime: 0,
    refetchOnWindowFocus: false,
  });
  if (data === undefined) {
    return (
      <Dialog title={t.run.generalTitle} onClose={onClose} size="lg">
        {error ? <Text role="alert">{describeError(error, t)}</Text> : <Skeleton height={230} />}
      </Dialog>
    );
  }
  return (
    <JsonDialog
      title={t.run.generalTitle}
      text={t.run.generalText}
      label={t.run.parameters}
      hint={t.run.parametersHint}
      initial={formatJson(data)}
      submit={t.common.save}
      onClose={onClose}
      onSubmit={async (text) => {
        await setGeneralParameters(text);
        await client.invalidateQueries({ queryKey: ['general-parameters'] });
        notify(t.run.generalSaved);
      }}
    />
  );
}
