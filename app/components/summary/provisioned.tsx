import type { Figure } from '../text/format.ts';

interface Props {
  label: string;
  /** Provisioned by VMs; null where none says. */
  total: number | null;
  /** Requested by running containers; null where none requests. */
  requested: number | null;
  say(n: number): Figure;
}

const NOT_MEASURED = 'Use is not measured: no source delivers samples yet.';

/** What VMs were given, with what containers request of it behind it in a lighter tone. Use has its place and says so. */
export function Provisioned({ label, total, requested, say }: Props) {
  if (total === null) {
    return (
      <div className="figure is-wide">
        <span className="figure-label">{label}</span>
        <span className="figure-none">
          {requested === null ? 'nothing here says' : `no VM here · ${words(say(requested))} requested`}
        </span>
      </div>
    );
  }
  const figure = say(total);
  const share = requested === null || total === 0 ? 0 : requested / total;
  const rest = requested === null ? 'no requests' : `${words(say(requested))} requested`;
  return (
    <div
      className="figure is-wide"
      title={`${label}: ${words(figure)} by VMs; ${rest} by running containers. ${NOT_MEASURED}`}
    >
      <span className="figure-label">
        {label}
        <span className="figure-note">use not measured</span>
      </span>
      <span className="figure-line">
        <span className="figure-value">
          {figure.value}
          {figure.unit === '' ? null : <small> {figure.unit}</small>}
        </span>
        <span className="figure-note">{rest}</span>
      </span>
      <span className="meter" aria-hidden="true">
        <span style={{ width: `${Math.min(100, share * 100)}%` }} />
      </span>
    </div>
  );
}

const words = ({ value, unit }: Figure): string => (unit === '' ? value : `${value} ${unit}`);
