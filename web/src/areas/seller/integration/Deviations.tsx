import { Tag } from "antd";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import type { Switches } from "../address";
import css from "./integration.module.css";
import { deviations } from "./switches";

/** What an address wants otherwise than documented, as tags; `none` where nothing differs. */
export function Deviations({ switches, none }: { switches: Switches; none?: ReactNode }) {
  const { t } = useTranslation("integration");
  const found = deviations(switches, t);
  return found.length === 0 ? none ?? null : <span className={css.tags}>{found.map((one) => <Tag key={one}>{one}</Tag>)}</span>;
}
