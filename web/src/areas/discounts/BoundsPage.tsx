import { useQueryClient } from "@tanstack/react-query";
import { Button, Form, Input, Modal } from "antd";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { send } from "../../api/client";
import { Page } from "../../ui/Page";
import { ResourceForm } from "../../ui/ResourceForm";
import { listKey, ResourceTable } from "../../ui/ResourceTable";
import { Time } from "../../ui/Time";

interface Bounds {
  productId: string;
  productName: string;
  sellerName: string;
  authorised: string;
  floor: string;
  changedAt?: string;
  changedBy: string;
}

const path = "/api/v1/operator/discount-bounds";

/** What each product may be sold for: from where on offers are reviewed, and below what nothing goes. */
export function BoundsPage() {
  const { t } = useTranslation("discount");
  return (
    <Page title={t("bounds")} intro={t("bounds_intro")}>
      <ResourceTable<Bounds> id="operator.discount-bounds" path={path} label={t("bounds")} rowKey={(row) => row.productId} rowActions={(row) => <Edit row={row} />}
        filters={[{ key: "q", type: "text", label: t("search_bounds") }]}
        columns={[
          { key: "productName", title: t("product"), main: true },
          { key: "sellerName", title: t("seller") },
          { key: "authorised", title: t("authorised"), align: "right" },
          { key: "floor", title: t("floor"), align: "right", render: (row) => (row.floor === "0" ? t("no_floor") : row.floor) },
          { key: "changedAt", title: t("changed"), render: (row) => row.changedAt ? <><Time at={row.changedAt} /> {row.changedBy}</> : "–" },
        ]}
        empty={{ title: t("none_bounds") }} />
    </Page>
  );
}

function Edit({ row }: { row: Bounds }) {
  const { t } = useTranslation("discount");
  const client = useQueryClient();
  const [open, setOpen] = useState(false);
  const ratio = { required: true, pattern: /^(0(\.\d{1,4})?|1(\.0{1,4})?)$/, message: t("authorised_hint") };
  return (
    <>
      <Button size="small" onClick={() => setOpen(true)}>{t("edit")}</Button>
      <Modal open={open} title={t("edit_title", { name: row.productName })} footer={null} onCancel={() => setOpen(false)} destroyOnHidden>
        <ResourceForm<{ authorised: string; floor: string }> guard={false} initialValues={{ authorised: row.authorised, floor: row.floor }} submitLabel={t("action.save")} doneText={t("saved")} onCancel={() => setOpen(false)}
          submit={(values, key) => send("PUT", `${path}/${row.productId}`, values, key)}
          onDone={async () => { setOpen(false); await client.invalidateQueries({ queryKey: listKey(path) }); }}>
          <Form.Item name="authorised" label={t("authorised")} extra={t("authorised_hint")} rules={[ratio]}><Input inputMode="decimal" autoComplete="off" /></Form.Item>
          <Form.Item name="floor" label={t("floor")} extra={t("floor_hint")} rules={[ratio]}><Input inputMode="decimal" autoComplete="off" /></Form.Item>
        </ResourceForm>
      </Modal>
    </>
  );
}
