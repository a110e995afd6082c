import { Form, Switch } from "antd";
import { useTranslation } from "react-i18next";

/** How incoming transfers are credited, and whether prices of unpaid orders may be adjusted. */
export function PaymentFields() {
  const { t } = useTranslation("online");
  return (
    <>
      {(["autoCredit", "payNamedOrder", "adjustPrices"] as const).map((one) => (
        <Form.Item key={one} name={["payments", one]} label={t(`settings.${one}`)} extra={t(`settings.${one}_hint`)} valuePropName="checked"><Switch /></Form.Item>
      ))}
    </>
  );
}
