import { Input, type InputProps } from "antd";

/** A field for a code of the second factor or a recovery code; browsers and phones know what to offer. */
export function CodeInput(props: Omit<InputProps, "autoComplete">) {
  return <Input {...props} className="mono" autoComplete="one-time-code" autoCapitalize="none" autoCorrect="off" spellCheck={false} maxLength={40} />;
}
