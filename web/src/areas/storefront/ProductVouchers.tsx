import { useQuery, useQueryClient } from "@tanstack/react-query";
import { Button } from "antd";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { useNavigate } from "react-router";
import { get, send } from "../../api/client";
import { newKey } from "../../api/idempotency";
import { signInPath, useSession } from "../../api/session";
import { ProblemText } from "../../ui/ProblemText";
import { formatMoney } from "../../ui/money";
import { formatTime } from "../../ui/time";
import type { OpenVoucher } from "../trade/voucher";
import css from "./VoucherPick.module.css";

/** Vouchers that can be claimed for a product, with the conditions of their use. */
export function ProductVouchers({ productId, specId }: { productId: string; specId: string }) {
  const { t } = useTranslation("voucher");
  const { site, signedIn, can, session } = useSession();
  const navigate = useNavigate();
  const client = useQueryClient();
  const [busy, setBusy] = useState("");
  const [problem, setProblem] = useState<unknown>(null);
  const key = ["product-vouchers", productId, session?.account?.id ?? ""];
  const { data } = useQuery({ queryKey: key, queryFn: ({ signal }) => get<{ vouchers: OpenVoucher[] }>(`/api/v1/storefront/products/${encodeURIComponent(productId)}/vouchers`, undefined, signal) });
  const list = data?.vouchers.filter((one) => one.specIds.length === 0 || one.specIds.includes(specId)) ?? [];
  if (list.length === 0) return null;
  const claim = async (id: string) => {
    if (!signedIn) return void navigate(signInPath(`/products/${productId}`));
    setBusy(id);
    setProblem(null);
    try {
      await send("POST", `/api/v1/vouchers/campaigns/${encodeURIComponent(id)}/claim`, undefined, newKey());
    } catch (error) {
      setProblem(error);
    } finally {
      await client.invalidateQueries({ queryKey: key });
      setBusy("");
    }
  };
  return (
    <section className={css.offers} aria-label={t("offer.label")}>
      <h3>{t("offer.label")}</h3>
      {list.map((one) => {
        const money = (value: string) => formatMoney(value, one.currency);
        const conditions = [
          Number(one.threshold) > 0 ? t("terms.from", { amount: money(one.threshold) }) : t("terms.no_threshold"),
          one.modes.map((mode) => t(`mode.${mode}`)).join(" / "),
          one.useDays ? t("terms.days", { count: one.useDays }) : one.useUntil && t("terms.until", { until: formatTime(one.useUntil, site.timeZone) }),
          one.noPromotion && t("terms.no_promotion"), one.noSpecial && t("terms.no_special"),
        ];
        return (
          <div key={one.id} className={css.offer}>
            <span><strong>{money(one.face)}</strong> {one.name}<small>{conditions.filter(Boolean).join(" · ")}</small></span>
            {one.has >= one.perAccount
              ? <span className="faint">{t("offer.claimed")}</span>
              : (!signedIn || can("order:buy")) && <Button size="small" loading={busy === one.id} onClick={() => void claim(one.id)}>{t("offer.claim")}</Button>}
          </div>
        );
      })}
      {Boolean(problem) && <ProblemText error={problem} />}
    </section>
  );
}
