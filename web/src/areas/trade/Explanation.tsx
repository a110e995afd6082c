import { useTranslation } from "react-i18next";
import { formatMoney } from "../../ui/money";
import css from "./Explanation.module.css";
import { chosenText, componentName, componentSum, type Chosen, type Component } from "./priced";

interface Props {
  components: Component[];
  /** "day", "month", "year" or "once". */
  unit: string;
  /** What the components add up to. */
  amount: string;
  currency: string;
  /** Unfolded from the start. */
  open?: boolean;
}

/** How a price comes about, part by part, folded until somebody asks. A price of one part explains itself. */
export function Explanation({ components, unit, amount, currency, open = false }: Props) {
  const { t } = useTranslation("pricing");
  if (components.length < 2 && !components.some((one) => one.kind === "units" || one.kind === "tier" || one.kind === "volume" || one.kind === "extra")) return null;
  return (
    <details className={css.details} open={open}>
      <summary>{t("explain")}</summary>
      <dl className={css.parts}>
        {components.map((part, index) => {
          const sum = componentSum(part, unit, currency, t);
          return <div key={index}><dt>{componentName(part, t)}{sum && <small>{sum}</small>}</dt><dd>{formatMoney(part.amount, currency)}</dd></div>;
        })}
        <div><dt>{t("sum")}</dt><dd>{formatMoney(amount, currency)}</dd></div>
      </dl>
    </details>
  );
}

/** What was picked, in one line. */
export function ChosenText({ chosen }: { chosen: Chosen[] }) {
  const { t } = useTranslation("pricing");
  return chosen.length > 0 ? <span className={css.chosen}>{chosenText(chosen, t)}</span> : null;
}
