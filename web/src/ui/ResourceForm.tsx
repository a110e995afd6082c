import { Alert, Button, Form, type FormInstance, type FormProps } from "antd";
import { useCallback, useId, useRef, useState, type ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { asProblem, type ApiProblem } from "../api/problem";
import { useSubmitKey } from "../api/idempotency";
import { toast } from "./feedback";
import { placeErrors, type PlacedErrors } from "./form/fieldErrors";
import { useLeaveGuard } from "./form/useLeaveGuard";
import css from "./form/ResourceForm.module.css";
import { useProblemText } from "./ProblemText";
import { RequestId } from "./RequestId";

interface Props<V, R> {
  /** Loaded values; the form mounts once they are here. */
  initialValues?: Partial<V>;
  /** Sends the values with the Idempotency-Key of this submit. */
  submit: (values: V, key: string) => Promise<R>;
  /** After success: go to the object, refresh the list. The guard no longer asks. */
  onDone: (result: R, values: V) => void | Promise<void>;
  submitLabel: string;
  /** Said in a toast after success; none when left out. */
  doneText?: string;
  onCancel?: () => void;
  /** Form.Items. */
  children: ReactNode;
  form?: FormInstance<V>;
  /** Off for dialogs and for forms that save by themselves. */
  guard?: boolean;
  layout?: FormProps["layout"];
  /** The button of a purchase is persimmon. */
  buying?: boolean;
  /** Stands beside the submit button: "Save draft". */
  extraActions?: ReactNode;
  disabled?: boolean;
  onValuesChange?: (changed: Partial<V>, values: V) => void;
}

/**
 * A form whose wrong fields come from the server: each message under its field, the rest above the form with the
 * request id. Keeps one idempotency key per content, guards unsaved changes and shows that it is sending.
 */
export function ResourceForm<V extends object, R = unknown>(props: Props<V, R>) {
  const { initialValues, submit, onDone, submitLabel, doneText, onCancel, children, guard = true, layout = "vertical", buying = false, extraActions, disabled = false, onValuesChange } = props;
  const { t } = useTranslation();
  const [own] = Form.useForm<V>();
  const form = props.form ?? own;
  const key = useSubmitKey();
  const id = useId(); // two forms of one page may both have a "name": labels must find their own
  const dirty = useRef(false);
  const [busy, setBusy] = useState(false);
  const [failure, setFailure] = useState<{ problem: ApiProblem; loose: PlacedErrors["loose"] } | null>(null);
  useLeaveGuard(useCallback(() => guard && dirty.current, [guard]));

  const show = (problem: ApiProblem) => {
    const known = form.getFieldsError().map((field) => field.name as (string | number)[]);
    const { placed, loose } = placeErrors(problem, known);
    form.setFields(placed as Parameters<typeof form.setFields>[0]);
    const first = placed[0];
    if (first) form.scrollToField(first.name as never, { behavior: "smooth", block: "center", focus: true });
    setFailure(placed.length > 0 && loose.length === 0 ? null : { problem, loose });
  };

  const finish = async (values: V) => {
    if (busy) return;
    setBusy(true);
    setFailure(null);
    try {
      const result = await submit(values, key.keyFor(values));
      key.done();
      dirty.current = false;
      if (doneText) toast.success(doneText);
      await onDone(result, values);
    } catch (error) {
      show(asProblem(error));
    } finally {
      setBusy(false);
    }
  };

  return (
    <Form<V>
      form={form} name={id} layout={layout} requiredMark scrollToFirstError={{ behavior: "smooth", block: "center", focus: true }} disabled={disabled || busy}
      {...(initialValues ? { initialValues: initialValues as never } : {})}
      onFinish={(values) => void finish(values)} className={css.form!} aria-busy={busy}
      onValuesChange={(changed, values) => { dirty.current = true; onValuesChange?.(changed as Partial<V>, values); }}
    >
      {failure && <FormFailure {...failure} />}
      {children}
      <div className={css.actions}>
        <Button type="primary" htmlType="submit" loading={busy} className={buying ? "buy" : ""}>{submitLabel}</Button>
        {extraActions}
        {onCancel && <Button onClick={onCancel} disabled={busy}>{t("action.cancel")}</Button>}
      </div>
    </Form>
  );
}

function FormFailure({ problem, loose }: { problem: ApiProblem; loose: PlacedErrors["loose"] }) {
  const text = useProblemText();
  return (
    <Alert type="error" showIcon className={css.failure} title={text(problem)} role="alert"
      description={(loose.length > 0 || problem.requestId) && (
        <>
          {loose.length > 0 && <ul>{loose.map((error) => <li key={error.field + error.code}>{error.message}</li>)}</ul>}
          <RequestId id={problem.requestId} />
        </>
      )} />
  );
}
