import { ArrowRightOutlined } from "@ant-design/icons";
import { useTranslation } from "react-i18next";
import css from "./ChangeText.module.css";
import { chosenText, type Change, type Chosen } from "./priced";

/** What a change leads away from, and to what. */
export function ChangeText({ change, chosen }: { change: Pick<Change, "chosen" | "specName">; chosen: Chosen[] }) {
  const { t } = useTranslation(["changes", "pricing"]);
  return (
    <span className={css.change}>
      <span className="faint">{chosenText(change.chosen, t) || change.specName}</span>
      <ArrowRightOutlined role="img" aria-label={t("to")} />
      <strong>{chosenText(chosen, t)}</strong>
    </span>
  );
}
