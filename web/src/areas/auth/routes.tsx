import { page, type AreaRoute } from "../../app/area";
import { peopleTexts } from "./texts";

/** Sign-in, sign-up and password pages: /sign-in, /sign-up, … Each loads its module when it is first opened. */
export const authRoutes: AreaRoute[] = [
  { path: "sign-in", loader: peopleTexts, lazy: page(() => import("./SignInPage"), "SignInPage") },
  { path: "sign-up", loader: peopleTexts, lazy: page(() => import("./SignUpPage"), "SignUpPage") },
  { path: "verify", loader: peopleTexts, lazy: page(() => import("./VerifyPage"), "VerifyPage") },
  { path: "forgot-password", loader: peopleTexts, lazy: page(() => import("./ForgotPasswordPage"), "ForgotPasswordPage") },
  { path: "reset-password", loader: peopleTexts, lazy: page(() => import("./ResetPasswordPage"), "ResetPasswordPage") },
  { path: "invitation", loader: peopleTexts, lazy: page(() => import("./InvitationPage"), "InvitationPage") },
  { path: "setup", loader: peopleTexts, lazy: page(() => import("./SetupPage"), "SetupPage") },
];
