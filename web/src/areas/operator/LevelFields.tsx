import { Button, Form, Input, InputNumber, Select } from "antd";
import { useTranslation } from "react-i18next";
import css from "./settings.module.css";

/** The table of customer levels: how many days of grace and retention each gives. */
export function LevelFields() {
  const { t } = useTranslation("life");
  const table = Form.useWatch<{ name: string }[] | undefined>(["levels", "table"]) ?? [];
  return (
    <fieldset className={css.rows}>
      <legend>{t("level.table")}</legend>
      <p className="soft">{t("level.table_hint")}</p>
      <Form.List name={["levels", "table"]}>
        {(rows, { add, remove }) => (
          <>
            {rows.map((row) => (
              <div key={row.key} className={css.row} role="group" aria-label={t("level.row", { number: row.name + 1 })}>
                <Form.Item name={[row.name, "name"]} label={t("level.name")}><Input maxLength={20} /></Form.Item>
                <Form.Item name={[row.name, "grace"]} label={t("level.grace")}><InputNumber min={0} max={90} precision={0} /></Form.Item>
                <Form.Item name={[row.name, "retention"]} label={t("level.retention")}><InputNumber min={0} max={365} precision={0} /></Form.Item>
                {rows.length > 1 && <Button size="small" danger onClick={() => remove(row.name)}>{t("level.remove")}</Button>}
              </div>
            ))}
            <Button size="small" onClick={() => add({ name: "", grace: 7, retention: 7 })}>{t("level.add")}</Button>
          </>
        )}
      </Form.List>
      <Form.Item name={["levels", "default"]} label={t("level.default_label")} extra={t("level.default_hint")} style={{ marginTop: 16 }}>
        <Select style={{ maxWidth: 200 }} options={[...new Set(table.map((row) => row?.name).filter(Boolean))].map((value) => ({ value, label: value }))} />
      </Form.Item>
    </fieldset>
  );
}
