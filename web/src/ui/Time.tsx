import { Tooltip } from "antd";
import { useTranslation } from "react-i18next";
import { useSession } from "../api/session";
import { formatRelative, formatTime, zoneOffset, type TimeDetail } from "./time";

interface Props {
  /** RFC 3339; nothing is shown as a dash. */
  at: string | null | undefined;
  detail?: TimeDetail;
  /** "in 2 days" instead of the date; the date is in the hint. */
  relative?: boolean;
}

/** An instant in the marketplace's zone; the hint names the zone and the reader's own time. */
export function Time({ at, detail = "minute", relative = false }: Props) {
  const { site } = useSession();
  const { t, i18n } = useTranslation();
  if (!at) return <span className="faint">–</span>;
  const own = Intl.DateTimeFormat().resolvedOptions().timeZone;
  const hint = (
    <span className="tabular">
      {formatTime(at, site.timeZone, "second")} {site.timeZone} ({zoneOffset(at, site.timeZone)})
      {own !== site.timeZone && <><br />{t("time.yours", { time: formatTime(at, own, "second"), zone: own })}</>}
    </span>
  );
  return (
    <Tooltip title={hint}>
      <time dateTime={at} className="tabular" style={{ whiteSpace: "nowrap" }}>
        {relative ? formatRelative(at, i18n.language) : formatTime(at, site.timeZone, detail)}
      </time>
    </Tooltip>
  );
}
