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
}

/** How a price comes about, part by part, folded until somebody asks. A price of one part explains itself. */
export function Explanation({ components, unit, amount, currency }: Props) {
  const { t } = useTranslation("pricing");
  if (components.length < 2 && !components.some((one) => one.kind === "units" || one.kind === "tier" || one.kind === "volume")) return null;
  return (
    <details className={css.details}>
      <summary>{t("explain")}</summary>
      <table className={css.parts}>
        <tbody>
          {components.map((part, index) => {
            const sum = componentSum(part, unit, currency, t);
            return (
              <tr key={index}>
                <th scope="row">{componentName(part, t)}{sum && <small>{sum}</small>}</th>
                <td>{formatMoney(part.amount, currency)}</td>
              </tr>
            );
          })}
        </tbody>
        <tfoot><tr><th scope="row">{t("sum")}</th><td>{formatMoney(amount, currency)}</td></tr></tfoot>
      </table>
    </details>
  );
}

/** What was picked, in one line. */
export function ChosenText({ chosen }: { chosen: Chosen[] }) {
  const { t } = useTranslation("pricing");
  return chosen.length > 0 ? <span className={css.chosen}>{chosenText(chosen, t)}</span> : null;
}
