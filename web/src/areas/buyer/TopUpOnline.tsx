import { useQuery } from "@tanstack/react-query";
import { Form, Input, Radio } from "antd";
import { useTranslation } from "react-i18next";
import { send } from "../../api/client";
import { Panel } from "../../ui/Page";
import { ResourceForm } from "../../ui/ResourceForm";
import { goTo, instrumentsQuery, rememberNext, type OnlinePayment } from "../online/online";

interface Values {
  amount: string;
  gateway: string;
}

/** Tops the balance up through a gateway; nothing where the site has none. */
export function TopUpOnline({ currency, amount, next }: { currency: string; amount?: string; next: string | null }) {
  const { t } = useTranslation("online");
  const { data } = useQuery(instrumentsQuery());
  const first = data?.gateways[0];
  if (!data || !first) return null;
  return (
    <Panel title={t("topup.title")}>
      <p className="soft" style={{ marginBottom: 16 }}>{t("topup.hint")}</p>
      <ResourceForm<Values, OnlinePayment> guard={false} initialValues={{ gateway: first.name, ...(amount ? { amount } : {}) }} submitLabel={t("topup.submit")}
        submit={(values, key) => send<OnlinePayment>("POST", "/api/v1/balance/topup-online", values, key)}
        onDone={(payment) => { rememberNext(next); goTo(payment); }}>
        <Form.Item name="amount" label={t("amount")} normalize={(text: string) => text.replace(/[\s,]/g, "")}
          rules={[{ required: true, whitespace: true, message: t("form.required") }, { pattern: /^(?!0+(\.0*)?$)\d{1,9}(\.\d{1,2})?$/, message: t("trade:topups.amount_format") }]}>
          <Input inputMode="decimal" autoComplete="off" suffix={currency} />
        </Form.Item>
        <Form.Item name="gateway" label={t("topup.gateway")}><Radio.Group options={data.gateways.map((one) => ({ value: one.name, label: one.title }))} /></Form.Item>
      </ResourceForm>
    </Panel>
  );
}
