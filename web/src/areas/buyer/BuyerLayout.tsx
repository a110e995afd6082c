import { ConsoleLayout } from "../../layout/ConsoleLayout";
import { buyerMenu } from "./menu";
import { buyerRoutes } from "./routes";

export function BuyerLayout() {
  return <ConsoleLayout area="buyer" menu={buyerMenu} routes={buyerRoutes} />;
}
