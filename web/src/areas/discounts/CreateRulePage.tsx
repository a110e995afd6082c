import { useQueryClient } from "@tanstack/react-query";
import { Checkbox, DatePicker, Form, Input, InputNumber, Radio } from "antd";
import dayjs, { type Dayjs } from "dayjs";
import { useTranslation } from "react-i18next";
import { useNavigate } from "react-router";
import { send } from "../../api/client";
import { useSession } from "../../api/session";
import { toast } from "../../ui/feedback";
import { Page, Panel } from "../../ui/Page";
import { ResourceForm } from "../../ui/ResourceForm";
import { listKey } from "../../ui/ResourceTable";
import { zoneOffset } from "../../ui/time";
import { lineBody, LineFields, type LineValues } from "./LineFields";
import css from "./RuleForm.module.css";
import { basePath, scenes, type RuleDetail, type Scene, type Side } from "./rule";

interface Values {
  name: string;
  startsAt?: Dayjs | null;
  endsAt: Dayjs;
  public: boolean;
  configured: boolean;
  scenes: Scene[];
  totalLimit: number | null;
  accountLimit: number | null;
  deadlineHours: number | null;
  lines: LineValues[];
  accounts?: string;
}

/** A new promotion or offer. What was created is not edited. */
function CreateRule({ side, kind }: { side: Side; kind: "promotion" | "offer" }) {
  const { t } = useTranslation("discount");
  const navigate = useNavigate();
  const client = useQueryClient();
  const [form] = Form.useForm<Values>();
  const configured = Form.useWatch("configured", form) ?? false;
  const offer = kind === "offer";
  const { site } = useSession();
  // What is picked is read on the site's clock, as every shown time is.
  const instant = (at: Dayjs) => new Date(`${at.format("YYYY-MM-DDTHH:mm:00")}${zoneOffset(at.toISOString(), site.timeZone).slice(3) || "Z"}`).toISOString();
  const submit = ({ startsAt, endsAt, lines, accounts, totalLimit, accountLimit, deadlineHours, public: everybody, configured: fixed, scenes: where, name }: Values, key: string) => send<RuleDetail>("POST", basePath(side, kind), {
    name, endsAt: instant(endsAt), ...(startsAt ? { startsAt: instant(startsAt) } : {}),
    totalLimit: totalLimit ?? 0, accountLimit: accountLimit ?? 0, deadlineHours: deadlineHours ?? 0, lines: lines.map(lineBody),
    ...(offer ? { configured: fixed, accounts: (accounts ?? "").split(/[\s,;，；]+/).filter(Boolean) } : { public: everybody, scenes: where }),
  }, key);
  const done = async (rule: RuleDetail) => {
    toast.success(t(rule.state === "REVIEWING" ? "submitted" : "created_done"));
    await client.invalidateQueries({ queryKey: listKey(basePath(side, kind)) });
    await navigate(`/${side}/${kind}s/${rule.id}`, { replace: true });
  };
  const required = { required: true, whitespace: true, message: t("form.required") };
  return (
    <Page title={t(`create_${kind}`)} intro={t(offer ? "offers_intro" : "promotions_intro")}>
      <Panel>
        <ResourceForm<Values, RuleDetail> form={form} submitLabel={t("submit")} submit={submit} onDone={done} onCancel={() => void navigate(-1)}
          initialValues={{ public: true, configured: false, scenes: ["new"], totalLimit: 0, accountLimit: 0, deadlineHours: 0, endsAt: dayjs().add(30, "day").hour(23).minute(59), lines: [{ productId: undefined as never, form: "ratio", value: "0.9" }] }}>
          <Form.Item name="name" label={t("name")} extra={t("name_hint")} rules={[required]}><Input maxLength={60} autoComplete="off" /></Form.Item>
          {offer ? (
            <>
              <Form.Item name="configured" label={t("offer_kind")}><Radio.Group onChange={() => form.setFieldsValue({ lines: form.getFieldValue("lines").slice(0, 1) })} options={[{ value: false, label: t("kind_a") }, { value: true, label: t("kind_b") }]} /></Form.Item>
              <Form.Item name="accounts" label={t("accounts")} extra={t("accounts_hint")} rules={[required]}><Input.TextArea rows={3} autoComplete="off" spellCheck={false} /></Form.Item>
            </>
          ) : (
            <>
              <Form.Item name="public" label={t("visibility")} extra={t("public_hint")}><Radio.Group options={[{ value: true, label: t("public") }, { value: false, label: t("by_link") }]} /></Form.Item>
              <Form.Item name="scenes" label={t("scenes")}><Checkbox.Group options={scenes.map((scene) => ({ value: scene, label: t(`scene.${scene}`) }))} /></Form.Item>
            </>
          )}
          <LineFields side={side} configured={offer && configured} all={!offer} />
          <div className={css.pair}>
            <Form.Item name="startsAt" label={t("starts")} extra={t("starts_hint", { zone: site.timeZone })}><DatePicker showTime={{ format: "HH:mm" }} format="YYYY-MM-DD HH:mm" style={{ width: "100%" }} /></Form.Item>
            <Form.Item name="endsAt" label={t("ends")} rules={[{ required: true, message: t("form.required") }]}><DatePicker showTime={{ format: "HH:mm" }} format="YYYY-MM-DD HH:mm" style={{ width: "100%" }} /></Form.Item>
          </div>
          <div className={css.pair}>
            {!(offer && configured) && <Form.Item name="totalLimit" label={t("total_limit")} extra={t("limit_hint")}><InputNumber min={0} max={100_000} precision={0} style={{ width: "100%" }} /></Form.Item>}
            {!(offer && configured) && <Form.Item name="accountLimit" label={t("account_limit")} extra={t("limit_hint")}><InputNumber min={0} max={1000} precision={0} style={{ width: "100%" }} /></Form.Item>}
            <Form.Item name="deadlineHours" label={t("deadline")} extra={t("deadline_hint")}><InputNumber min={0} max={720} precision={0} style={{ width: "100%" }} /></Form.Item>
          </div>
        </ResourceForm>
      </Panel>
    </Page>
  );
}

export const SellerNewPromotionPage = () => <CreateRule side="seller" kind="promotion" />;
export const SellerNewOfferPage = () => <CreateRule side="seller" kind="offer" />;
export const OperatorNewPromotionPage = () => <CreateRule side="operator" kind="promotion" />;
