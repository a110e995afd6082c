import { Tag } from "antd";
import { useTranslation } from "react-i18next";
import type { Switches } from "../address";
import css from "./integration.module.css";
import { deviations } from "./switches";

/** What an address wants otherwise than documented, as tags. */
export function Deviations({ switches }: { switches: Switches }) {
  const { t } = useTranslation("integration");
  const found = deviations(switches, t);
  return found.length === 0 ? <span className="faint">{t("switches.none")}</span> : <span className={css.tags}>{found.map((one) => <Tag key={one}>{one}</Tag>)}</span>;
}
