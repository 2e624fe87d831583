import { useTexts } from '../i18n';
import { formatNumber } from '../lib/format';
import type { UsageSample } from './use-usage';

const size = { width: 120, height: 34 };
const slots = 60;

function line(values: number[], most: number): string {
  const step = size.width / (slots - 1);
  const start = slots - values.length;
  return values
    .map((value, i) => `${((start + i) * step).toFixed(1)},${(size.height - 1 - (Math.min(value, most) / most) * (size.height - 3)).toFixed(1)}`)
    .join(' ');
}

/** CPU and memory of the last minute, each on its own scale. */
export function UsageChart({ samples, memoryLimit }: { samples: UsageSample[]; memoryLimit: number }) {
  const t = useTexts();
  const last = samples.at(-1);
  if (!last) return <p className="muted usage-none">{t.task.noUsage}</p>;
  const cpus = samples.map(({ cpu }) => cpu);
  return (
    <div className="usage">
      <Chart name={t.task.cpu} value={`${Math.round(last.cpu * 100)}%`} points={line(cpus, Math.max(1, ...cpus))} kind="cpu" />
      <Chart
        name={t.task.memory}
        value={`${formatNumber(last.memoryMb, 1)} / ${t.common.megabytes(String(memoryLimit))}`}
        points={line(samples.map(({ memoryMb }) => memoryMb), memoryLimit)}
        kind="memory"
      />
    </div>
  );
}

function Chart({ name, value, points, kind }: { name: string; value: string; points: string; kind: string }) {
  const first = points.split(',')[0] ?? '0';
  return (
    <figure className={`usage-chart usage-${kind}`}>
      <figcaption>
        <span>{name}</span>
        <strong>{value}</strong>
      </figcaption>
      <svg viewBox={`0 0 ${size.width} ${size.height}`} preserveAspectRatio="none" aria-hidden>
        <polygon points={`${first},${size.height} ${points} ${size.width},${size.height}`} />
        <polyline points={points} vectorEffect="non-scaling-stroke" />
      </svg>
    </figure>
  );
}
