import { useQuery, useQueryClient } from "@tanstack/react-query";
import { Button } from "antd";
import { useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { send } from "../../api/client";
import { useSubmitKey } from "../../api/idempotency";
import { asProblem, type ApiProblem } from "../../api/problem";
import { formatMoney } from "../../ui/money";
import { Panel } from "../../ui/Page";
import { ProblemText } from "../../ui/ProblemText";
import { goTo, instrumentsQuery, type OnlinePayment } from "../online/online";
import css from "./buying.module.css";

/** Pays orders through a gateway, the whole amount at once; nothing where the site has no gateway. */
export function PayOnline({ orders, amount, currency, disabled = false }: { orders: string[]; amount: string; currency: string; disabled?: boolean }) {
  const { t } = useTranslation("online");
  const client = useQueryClient();
  const key = useSubmitKey();
  const sending = useRef(false);
  const [busy, setBusy] = useState("");
  const [problem, setProblem] = useState<ApiProblem | null>(null);
  const { data } = useQuery(instrumentsQuery());
  if (!data || data.gateways.length === 0) return null;

  const pay = async (gateway: string) => {
    if (sending.current) return; // state comes too late for a double click
    sending.current = true;
    setBusy(gateway);
    setProblem(null);
    const body = { orders, gateway };
    try {
      goTo(await send<OnlinePayment>("POST", "/api/v1/orders/pay-online", body, key.keyFor({ ...body, amount })));
      key.done();
    } catch (error) {
      const failure = asProblem(error);
      if (failure.status === 409) await client.invalidateQueries({ queryKey: ["buying"] });
      if (failure.status !== 0) key.done();
      setProblem(failure);
      setBusy("");
    } finally {
      sending.current = false;
    }
  };
  return (
    <Panel title={t("pay.title")}>
      <p className="soft">{t("pay.hint")}</p>
      {problem && <div className={css.failure}><ProblemText error={problem} /><p className={css.small}>{t("pay.not_begun")}</p></div>}
      <div className={css.actions}>
        {data.gateways.map((one) => (
          <Button key={one.name} size="large" className={css.gateway} loading={busy === one.name} disabled={disabled || (busy !== "" && busy !== one.name)} onClick={() => void pay(one.name)}>
            {t("pay.with", { amount: formatMoney(amount, currency), gateway: one.title })}
          </Button>
        ))}
      </div>
    </Panel>
  );
}
