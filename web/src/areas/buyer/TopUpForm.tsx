import { Button, Form, Input } from "antd";
import { useTranslation } from "react-i18next";
import { send } from "../../api/client";
import { CopyText } from "../../ui/CopyText";
import { formatMoney } from "../../ui/money";
import { ResourceForm } from "../../ui/ResourceForm";
import type { TopUp } from "../trade/topup";
import css from "./TopUps.module.css";

interface Values {
  amount: string;
  payer: string;
  reference?: string;
  note?: string;
}

/** Announces a bank transfer; `amount` is what the page that led here still needs. */
export function TopUpForm({ currency, amount, onDone }: { currency: string; amount?: string; onDone: (topUp: TopUp) => Promise<void> }) {
  const { t } = useTranslation("trade");
  const required = { required: true, whitespace: true, message: t("form.required") };
  return (
    <ResourceForm<Values, TopUp> initialValues={amount ? { amount } : undefined} submitLabel={t("topups.submit")} submit={(values, key) => send<TopUp>("POST", "/api/v1/topups", values, key)} onDone={onDone}>
      <Form.Item name="amount" label={t("topups.amount")} normalize={(text: string) => text.replace(/[\s,]/g, "")}
        rules={[{ ...required }, { pattern: /^(?!0+(\.0*)?$)\d{1,9}(\.\d{1,2})?$/, message: t("topups.amount_format") }]}>
        <Input inputMode="decimal" autoComplete="off" suffix={currency} />
      </Form.Item>
      <Form.Item name="payer" label={t("topups.payer")} extra={t("topups.payer_hint")} rules={[required]}><Input autoComplete="organization" maxLength={100} /></Form.Item>
      <Form.Item name="reference" label={t("topups.reference")}><Input autoComplete="off" maxLength={64} /></Form.Item>
      <Form.Item name="note" label={t("topups.note")}><Input autoComplete="off" maxLength={200} /></Form.Item>
    </ResourceForm>
  );
}

/** What to write on the transfer. */
export function Announced({ topUp, onMore }: { topUp: TopUp; onMore: () => void }) {
  const { t } = useTranslation("trade");
  return (
    <div role="status">
      <p>{t("topups.announced")}</p>
      <div className={css.number}><CopyText text={topUp.number} /></div>
      <p className="faint">{t("topups.announced_hint", { amount: formatMoney(topUp.amount, topUp.currency) })}</p>
      <Button style={{ marginTop: 16 }} onClick={onMore}>{t("topups.announce")}</Button>
    </div>
  );
}
