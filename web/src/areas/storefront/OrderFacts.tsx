import { useTranslation } from "react-i18next";
import { Link } from "react-router";
import { ChangeText } from "../trade/ChangeText";
import { ChosenText } from "../trade/Explanation";
import type { Change, Chosen } from "../trade/priced";
import { unitOf } from "./offer";
import css from "./buying.module.css";

interface Props {
  productId: string;
  productName: string;
  specName: string;
  sellerName?: string;
  periodType: "day" | "month" | "year" | "";
  periods: number;
  chosen?: Chosen[];
  change?: Change;
}

/** What is bought, in two lines. */
export function OrderFacts({ productId, productName, specName, sellerName, periodType, periods, chosen, change }: Props) {
  const { t } = useTranslation("storefront");
  return (
    <div className={css.what}>
      <Link to={`/products/${productId}`}>{productName}</Link>
      <span className="soft">{[specName, change?.per ? "" : periods === 0 && periodType ? t("term.unified") : t(`term.${unitOf({ periodType })}`, { count: periods }), sellerName].filter(Boolean).join(" · ")}</span>
      {change ? <ChangeText change={change} chosen={chosen ?? []} /> : chosen && <ChosenText chosen={chosen} />}
    </div>
  );
}
