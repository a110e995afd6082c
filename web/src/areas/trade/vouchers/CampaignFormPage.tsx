import { useQuery } from "@tanstack/react-query";
import { Checkbox, DatePicker, Form, Input, InputNumber, Radio, Select } from "antd";
import dayjs, { type Dayjs } from "dayjs";
import { useTranslation } from "react-i18next";
import { useNavigate, useParams } from "react-router";
import { get, send } from "../../../api/client";
import { useSession } from "../../../api/session";
import { Page, Panel } from "../../../ui/Page";
import { PageError } from "../../../ui/PageError";
import { ResourceForm } from "../../../ui/ResourceForm";
import type { CampaignDetail, Scope, VoucherTerms } from "../voucher";
import { campaignKey, campaignsPath, productsPath, type Issuer } from "./side";

export const SellerCampaignFormPage = () => <CampaignForm side="seller" />;
export const OperatorCampaignFormPage = () => <CampaignForm side="operator" />;

type Window = [Dayjs | null, Dayjs | null] | null;

interface Values {
  kind: VoucherTerms["kind"];
  name: string;
  face: string;
  threshold: string;
  total?: number;
  perAccount: number;
  budget?: string;
  sellerShare?: string;
  modes: VoucherTerms["modes"];
  claim: Window;
  validity: "fixed" | "days";
  use: Window;
  useDays?: number;
  scope: string[];
  allProducts: boolean;
  noPromotion: boolean;
  noSpecial: boolean;
}

/** Drafts a campaign, or changes a draft. */
function CampaignForm({ side }: { side: Issuer }) {
  const { t } = useTranslation("voucher");
  const { id = "" } = useParams();
  const path = `${campaignsPath[side]}/${encodeURIComponent(id)}`;
  const old = useQuery({ queryKey: campaignKey(side, id), enabled: id !== "", queryFn: ({ signal }) => get<CampaignDetail>(path, undefined, signal) });
  const specs = useQuery({ queryKey: ["voucher-products", side], queryFn: ({ signal }) => get<{ specs: Scope[] }>(productsPath[side], undefined, signal) });
  const error = old.error ?? specs.error;
  return (
    <Page title={t(id ? "form.title_edit" : "form.title_new")}>
      {error ? <PageError error={error} onRetry={() => void Promise.all([old.refetch(), specs.refetch()])} />
        : specs.data && (!id || old.data) && <Panel><Fields side={side} specs={specs.data.specs} {...(old.data ? { old: old.data } : {})} /></Panel>}
    </Page>
  );
}

function Fields({ side, specs, old }: { side: Issuer; specs: Scope[]; old?: CampaignDetail }) {
  const { t } = useTranslation("voucher");
  const navigate = useNavigate();
  const { site } = useSession();
  const [form] = Form.useForm<Values>();
  const validity = Form.useWatch("validity", form);
  const all = Form.useWatch("allProducts", form);
  const kind = Form.useWatch("kind", form);
  const required = { required: true, message: t("form.required") };
  const amount = { pattern: /^\d{1,9}(\.\d{1,2})?$/, message: t("form.amount_format") };
  const day = (at?: string) => (at ? dayjs(at) : null);
  const initial: Partial<Values> = old ? {
    kind: old.kind, name: old.name, face: old.face, threshold: old.threshold, total: old.total, perAccount: old.perAccount, budget: old.budget, sellerShare: old.sellerShare, modes: old.modes,
    claim: [day(old.claimFrom), day(old.claimUntil)], validity: old.useDays ? "days" : "fixed", use: [day(old.useFrom), day(old.useUntil)], ...(old.useDays ? { useDays: old.useDays } : {}),
    scope: old.scope.map(keyOf), allProducts: old.allProducts, noPromotion: old.noPromotion, noSpecial: old.noSpecial,
  } : { kind: "activity", threshold: "0.00", perAccount: 1, modes: ["once", "month", "year"], validity: "days", useDays: 30, allProducts: false, noPromotion: false, noSpecial: false, scope: [], sellerShare: "0" };
  return (
    <ResourceForm<Values, CampaignDetail> form={form} initialValues={initial} submitLabel={t("form.save")} doneText={t("form.saved")}
      submit={(values, key) => send<CampaignDetail>(old ? "PUT" : "POST", old ? `${campaignsPath[side]}/${encodeURIComponent(old.id)}` : campaignsPath[side], bodyOf(values, side), key)}
      onDone={(saved) => navigate(`/${side}/vouchers/${saved.id}`)}>
      <Form.Item name="name" label={t("form.name")} rules={[required]}><Input maxLength={40} autoComplete="off" /></Form.Item>
      <Form.Item name="kind" label={t("form.kind")}><Radio.Group options={(["activity", "directed"] as const).map((value) => ({ value, label: t(`kind.${value}`) }))} /></Form.Item>
      <Form.Item name="face" label={t("form.face")} rules={[required, amount]}><Input inputMode="decimal" autoComplete="off" suffix={site.currency} /></Form.Item>
      <Form.Item name="threshold" label={t("form.threshold")} extra={t("form.threshold_hint")} rules={[required, amount]}><Input inputMode="decimal" autoComplete="off" suffix={site.currency} /></Form.Item>
      {side === "operator" && (
        <>
          <Form.Item name="budget" label={t("form.budget")} extra={t("form.budget_hint")} rules={[required, amount]}><Input inputMode="decimal" autoComplete="off" suffix={site.currency} /></Form.Item>
          <Form.Item name="sellerShare" label={t("form.share")} rules={[required]}><Input inputMode="decimal" autoComplete="off" /></Form.Item>
        </>
      )}
      <Form.Item name="total" label={t("form.total")} {...(side === "operator" ? { extra: t("form.total_budget") } : {})} rules={side === "operator" ? [] : [required]}><InputNumber min={1} max={100000} precision={0} style={{ width: "100%" }} /></Form.Item>
      <Form.Item name="perAccount" label={t("form.per_account")} rules={[required]}><InputNumber min={1} max={10} precision={0} style={{ width: "100%" }} /></Form.Item>
      <Form.Item name="modes" label={t("form.modes")}><Checkbox.Group options={(["once", "month", "year"] as const).map((value) => ({ value, label: t(`mode.${value}`) }))} /></Form.Item>
      <Form.Item name="claim" label={t("form.claim")} extra={t("form.claim_hint")} rules={kind === "activity" ? [required] : []}><DatePicker.RangePicker showTime={{ format: "HH:mm" }} format="YYYY-MM-DD HH:mm" allowEmpty={[true, kind !== "activity"]} style={{ width: "100%" }} /></Form.Item>
      <Form.Item name="validity" label={t("form.validity")}><Radio.Group options={(["days", "fixed"] as const).map((value) => ({ value, label: t(`form.${value}`) }))} /></Form.Item>
      {validity === "fixed"
        ? <Form.Item name="use" label={t("form.use")} rules={[required]}><DatePicker.RangePicker showTime={{ format: "HH:mm" }} format="YYYY-MM-DD HH:mm" allowEmpty={[true, false]} style={{ width: "100%" }} /></Form.Item>
        : <Form.Item name="useDays" label={t("form.use_days")} rules={[required]}><InputNumber min={1} max={365} precision={0} style={{ width: "100%" }} /></Form.Item>}
      {side === "operator" && <Form.Item name="allProducts" valuePropName="checked"><Checkbox>{t("form.all_products")}</Checkbox></Form.Item>}
      {!all && <Form.Item name="scope" label={t("form.scope")} extra={t("form.scope_hint")}><Select mode="multiple" showSearch optionFilterProp="label" options={optionsOf(specs, t("terms.spec_all"))} /></Form.Item>}
      <Form.Item name="noPromotion" valuePropName="checked"><Checkbox>{t("form.no_promotion")}</Checkbox></Form.Item>
      <Form.Item name="noSpecial" valuePropName="checked"><Checkbox>{t("form.no_special")}</Checkbox></Form.Item>
    </ResourceForm>
  );
}

const keyOf = (one: { productId: string; specId?: string }) => `${one.productId}/${one.specId ?? ""}`;

/** Each product as a whole, then each of its specifications. */
function optionsOf(specs: Scope[], every: string) {
  const products = [...new Map(specs.map((one) => [one.productId, one.productName])).entries()];
  return products.map(([id, name]) => ({
    label: name, title: name,
    options: [{ value: keyOf({ productId: id }), label: `${name} · ${every}` }, ...specs.filter((one) => one.productId === id).map((one) => ({ value: keyOf(one), label: `${name} · ${one.specName ?? ""}` }))],
  }));
}

function bodyOf(values: Values, side: Issuer) {
  const at = (window: Window | undefined, index: 0 | 1, name: string) => (window?.[index] ? { [name]: window[index]!.toISOString() } : {});
  return {
    kind: values.kind, name: values.name.trim(), face: values.face, threshold: values.threshold, perAccount: values.perAccount, modes: values.modes,
    ...(values.total ? { total: values.total } : {}), ...(side === "operator" ? { budget: values.budget, sellerShare: values.sellerShare, allProducts: values.allProducts } : {}),
    ...at(values.claim, 0, "claimFrom"), ...at(values.claim, 1, "claimUntil"),
    ...(values.validity === "days" ? { useDays: values.useDays } : { ...at(values.use, 0, "useFrom"), ...at(values.use, 1, "useUntil") }),
    noPromotion: values.noPromotion, noSpecial: values.noSpecial,
    scope: values.allProducts ? [] : (values.scope ?? []).map((key) => { const [productId = "", specId = ""] = key.split("/"); return { productId, ...(specId ? { specId } : {}) }; }),
  };
}
