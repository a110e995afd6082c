import { Button, Form, Input, InputNumber, Radio, Select, Switch } from "antd";
import { useTranslation } from "react-i18next";
import { BilingualField } from "../../ui/BilingualField";
import { ImageUpload } from "../../ui/ImageUpload";
import css from "./settings.module.css";

/** Name, logo, zone, currency. */
export function SiteFields() {
  const { t } = useTranslation("people");
  return (
    <>
      <BilingualField name="name" label={t("settings.name")} required maxLength={40} />
      <Form.Item name="logo" label={t("settings.logo")}><ImageUpload label={t("settings.logo")} hint={t("settings.logo_hint")} /></Form.Item>
      <Form.Item name="timeZone" label={t("settings.time_zone")} extra={t("settings.time_zone_hint")}><Input style={{ maxWidth: 320 }} /></Form.Item>
      <Form.Item name="currency" label={t("settings.currency")} extra={t("settings.currency_hint")}><Input style={{ maxWidth: 120 }} maxLength={3} /></Form.Item>
    </>
  );
}

/** Deadlines, fees, the bank account for top-ups, and what sellers may use. */
export function TradeFields() {
  const { t } = useTranslation("people");
  return (
    <>
      <Form.Item name="orderDeadlineHours" label={t("settings.deadline")}><InputNumber min={1} max={720} /></Form.Item>
      <Form.Item name="priceTaxMode" hidden><Input /></Form.Item>
      <Form.Item name="platformFee" label={t("settings.fee")} extra={t("settings.fee_hint")}><Input style={{ maxWidth: 120 }} inputMode="decimal" /></Form.Item>
      <TaxFields />
      <Form.Item name={["refunds", "fiveDayPerYear"]} label={t("settings.five_day")} extra={t("settings.five_day_hint")}><InputNumber min={0} max={1000} /></Form.Item>
      <Form.Item name={["refunds", "approvalAbove"]} label={t("settings.approval_above")}><Input style={{ maxWidth: 200 }} inputMode="decimal" /></Form.Item>
      <Form.Item name={["refunds", "handlingFee"]} label={t("settings.handling_fee")} extra={t("settings.handling_fee_hint")}><Input style={{ maxWidth: 120 }} inputMode="decimal" /></Form.Item>
      <Form.Item name={["refunds", "unusedTime"]} label={t("settings.unused_time")} extra={t("settings.unused_time_hint")} valuePropName="checked"><Switch /></Form.Item>
      <Form.Item name={["topUpBank", "payee"]} label={t("settings.payee")}><Input maxLength={100} /></Form.Item>
      <Form.Item name={["topUpBank", "bank"]} label={t("settings.bank")}><Input maxLength={100} /></Form.Item>
      <Form.Item name={["topUpBank", "account"]} label={t("settings.bank_account")}><Input maxLength={60} autoComplete="off" /></Form.Item>
      <Form.Item name="v1AllowedForNewProducts" label={t("settings.v1")} valuePropName="checked"><Switch /></Form.Item>
      <Form.Item name="debugCasesRequired" label={t("settings.cases")} extra={t("settings.cases_hint")} valuePropName="checked"><Switch /></Form.Item>
      <Form.Item name="sandboxesOff" label={t("sandbox:settings.off")} extra={t("sandbox:settings.off_hint")} valuePropName="checked"><Switch /></Form.Item>
      <Form.Item name="developmentAddresses" label={t("settings.development")} extra={t("settings.development_hint")}><Select mode="tags" open={false} tokenSeparators={[",", " "]} /></Form.Item>
    </>
  );
}

/** Tax rates of sales by category, from a day on. */
function TaxFields() {
  const { t } = useTranslation("pricing");
  return (
    <fieldset className={css.rows}>
      <legend>{t("tax.title")}</legend>
      <p className="soft">{t("tax.hint")}</p>
      <Form.List name="taxes">
        {(rows, { add, remove }) => (
          <>
            {rows.map((row) => (
              <div key={row.key} className={css.row} role="group" aria-label={t("tax.row", { number: row.name + 1 })}>
                <Form.Item name={[row.name, "from"]} label={t("tax.from")}><Input placeholder="YYYY-MM-DD" maxLength={10} /></Form.Item>
                {(["service", "software", "hardware"] as const).map((category) => (
                  <Form.Item key={category} name={[row.name, category]} label={t(`tax_category.${category}`)}><Input inputMode="decimal" maxLength={6} /></Form.Item>
                ))}
                {rows.length > 1 && <Button size="small" danger onClick={() => remove(row.name)}>{t("tax.remove")}</Button>}
              </div>
            ))}
            <Button size="small" onClick={() => add({ from: "", service: "0.06", software: "0.13", hardware: "0.13" })}>{t("tax.add")}</Button>
          </>
        )}
      </Form.List>
    </fieldset>
  );
}

/** When people must prove again who they are. */
export function SecurityFields() {
  const { t } = useTranslation("factor");
  return (
    <>
      <Form.Item name={["security", "operatorsNeedFactor"]} label={t("settings_operators")} extra={t("settings_operators_hint")} valuePropName="checked"><Switch /></Form.Item>
      <Form.Item name={["security", "proofMinutes"]} label={t("settings_minutes")} extra={t("settings_minutes_hint")}><InputNumber min={1} max={60} /></Form.Item>
      <Form.Item name={["security", "amountLimit"]} label={t("settings_limit")}><Input style={{ maxWidth: 200 }} inputMode="decimal" /></Form.Item>
    </>
  );
}

/** The texts that people agree to, as Markdown with edition and date. */
export function LegalFields() {
  const { t } = useTranslation("people");
  return (["terms", "privacy", "purchase"] as const).map((kind) => (
    <fieldset key={kind} style={{ border: 0, padding: 0, margin: "0 0 24px" }}>
      <legend><strong>{t(`legal.${kind}`)}</strong></legend>
      <BilingualField name={["legal", kind, "text"]} label={t(`legal.${kind}`)} rows={8} hint={t("settings.markdown")} />
      <Form.Item name={["legal", kind, "version"]} label={t("settings.edition")}><Input style={{ maxWidth: 160 }} maxLength={20} /></Form.Item>
      <Form.Item name={["legal", kind, "date"]} label={t("settings.in_force")} extra="YYYY-MM-DD"><Input style={{ maxWidth: 160 }} maxLength={10} /></Form.Item>
    </fieldset>
  ));
}

/** How letters leave. */
export function MailFields({ passwordSet }: { passwordSet: boolean }) {
  const { t } = useTranslation("people");
  const smtp = Form.useWatch(["mail", "mode"]) === "smtp";
  return (
    <>
      <Form.Item name={["mail", "mode"]} label={t("settings.mail_mode")}>
        <Radio.Group options={[{ value: "outbox", label: t("settings.mail_outbox") }, { value: "smtp", label: t("settings.mail_smtp") }]} />
      </Form.Item>
      <div hidden={!smtp}>
        <Form.Item name={["mail", "host"]} label={t("settings.host")}><Input autoComplete="off" /></Form.Item>
        <Form.Item name={["mail", "port"]} label={t("settings.port")}><InputNumber min={1} max={65535} /></Form.Item>
        <Form.Item name={["mail", "tls"]} label={t("settings.tls")}>
          <Select style={{ maxWidth: 240 }} options={["starttls", "implicit", "none"].map((value) => ({ value, label: t(`settings.tls_${value}`) }))} />
        </Form.Item>
        <Form.Item name={["mail", "user"]} label={t("settings.mail_user")}><Input autoComplete="off" /></Form.Item>
        <Form.Item name={["mail", "password"]} label={t("settings.mail_password")} extra={passwordSet ? t("settings.password_kept") : undefined}><Input.Password autoComplete="new-password" /></Form.Item>
        <Form.Item name={["mail", "fromAddress"]} label={t("settings.from_address")}><Input type="email" autoComplete="off" /></Form.Item>
        <Form.Item name={["mail", "fromName"]} label={t("settings.from_name")}><Input maxLength={60} autoComplete="off" /></Form.Item>
      </div>
    </>
  );
}
