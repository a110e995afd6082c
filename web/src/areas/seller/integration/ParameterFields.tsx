import { Form, Input, Select } from "antd";
import { useTranslation } from "react-i18next";
import type { Parameter } from "./integration";
import css from "./integration.module.css";

/** One field per parameter of the call, named as on the wire. An empty field is left out of the request. */
export function ParameterFields({ parameters, encrypts }: { parameters: Parameter[]; encrypts: boolean }) {
  const { t } = useTranslation("integration");
  return (
    <div className={css.parameters}>
      {parameters.map((one) => (
        <Form.Item key={one.name} name={["parameters", one.name]} label={<span className="mono">{one.name}</span>} required={one.mandatory && one.kind !== "generated"} extra={hintOf(one, t)}
          className={one.kind === "json" || one.kind === "extend_params" ? css.wide! : ""}>
          <Control parameter={one} generated={t("parameters.generated")} />
        </Form.Item>
      ))}
      {encrypts && (
        <Form.Item name="encryptType" label={t("parameters.encrypt_type")} extra={t("parameters.encrypt_type_hint")}>
          <Select options={["1", "2"].map((value) => ({ value, label: t(`parameters.encrypt_${value}`) }))} />
        </Form.Item>
      )}
    </div>
  );
}

/** The entry field of a parameter; Form.Item hands it id, value and onChange. */
function Control({ parameter, generated, ...field }: { parameter: Parameter; generated: string }) {
  switch (parameter.kind) {
    case "choice": return <Select {...field} allowClear={!parameter.mandatory} options={parameter.values.map((value) => ({ value, label: value }))} />;
    case "json":
    case "extend_params": return <Input.TextArea {...field} className="mono" autoSize={{ minRows: 2, maxRows: 8 }} spellCheck={false} />;
    case "generated": return <Input {...field} value="" placeholder={generated} disabled />;
    case "fixed": return <Input {...field} className="mono" disabled />;
    default: return <Input {...field} className="mono" autoComplete="off" spellCheck={false} {...(parameter.kind === "number" || parameter.kind === "time" ? { inputMode: "numeric" as const } : {})} />;
  }
}

function hintOf(parameter: Parameter, t: (key: string) => string): string | undefined {
  switch (parameter.kind) {
    case "fixed": return t("parameters.fixed");
    case "time": return t("parameters.time");
    case "encrypted": return t("parameters.encrypted");
    case "extend_params": return t("parameters.extend_params");
    default: return undefined;
  }
}
