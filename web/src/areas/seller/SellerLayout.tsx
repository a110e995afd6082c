import { ConsoleLayout } from "../../layout/ConsoleLayout";
import { sellerMenu } from "./menu";
import { sellerRoutes } from "./routes";

export function SellerLayout() {
  return <ConsoleLayout area="seller" menu={sellerMenu} routes={sellerRoutes} />;
}
