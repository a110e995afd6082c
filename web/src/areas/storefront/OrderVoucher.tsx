import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { get, send } from "../../api/client";
import { asProblem, type ApiProblem } from "../../api/problem";
import { Panel } from "../../ui/Page";
import { ProblemText } from "../../ui/ProblemText";
import { newKey } from "../../api/idempotency";
import { pays, type Fitting, type Fittings } from "../trade/voucher";
import { VoucherPick } from "./VoucherPick";

/** The voucher of an order that waits for payment: what is picked is locked at once. */
export function OrderVoucher({ orderId, disabled }: { orderId: string; disabled: boolean }) {
  const { t } = useTranslation("voucher");
  const client = useQueryClient();
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<ApiProblem | null>(null);
  const path = `/api/v1/orders/${encodeURIComponent(orderId)}/vouchers`;
  const { data } = useQuery({ queryKey: ["buying", "vouchers", orderId], queryFn: ({ signal }) => get<Fittings>(path, undefined, signal), staleTime: 0 });
  if (!data || (data.vouchers.length === 0)) return null;
  const pick = async (one: Fitting | null) => {
    setBusy(true);
    setProblem(null);
    try {
      await send("PUT", `/api/v1/orders/${encodeURIComponent(orderId)}/voucher`, one ? { voucherId: one.id, amount: one.pays } : {}, newKey());
    } catch (error) {
      setProblem(asProblem(error));
    } finally {
      await client.invalidateQueries({ queryKey: ["buying"] });
      setBusy(false);
    }
  };
  return (
    <Panel>
      <VoucherPick list={data.vouchers} value={data.chosen ?? ""} onChange={(one) => void pick(one)} disabled={busy || disabled} />
      {!data.chosen && data.vouchers.some(pays) && <p className="faint">{t("pick.hint")}</p>}
      {problem && <ProblemText error={problem} />}
    </Panel>
  );
}
