import { Button, type ButtonProps } from "antd";
import { useHref, useLinkClickHandler } from "react-router";

/** A link that looks like a button: opens in a new tab like every link, and never reloads the application. */
export function LinkButton({ to, ...rest }: Omit<ButtonProps, "href" | "onClick" | "htmlType"> & { to: string }) {
  const href = useHref(to);
  const follow = useLinkClickHandler<HTMLElement>(to);
  return <Button {...rest} href={href} onClick={(event) => follow(event as never)} />;
}
