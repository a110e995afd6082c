/** An account as operators see it. */
export interface OverseenAccount {
  id: string;
  kind: "company" | "person";
  name: string;
  state: "active" | "suspended";
  stateReason: string;
  realNameState: "none" | "pending" | "verified" | "rejected";
  realName: string;
  realNameHint: string;
  realNameReason: string;
  realNameAt?: string;
  version: number;
  createdAt: string;
}

/** A line of the list of accounts or of real names. */
export interface AccountLine extends OverseenAccount {
  ownerName: string;
  ownerEmail: string;
  users: number;
}

/** One account with its owner and seller's side. */
export interface AccountDetail extends OverseenAccount {
  owner: { id: string; name: string; email: string; phone: string; lastSignIn?: string };
  seller: { id: string; state: string; name: string } | null;
}

/** One account's real name with the scans that prove it. */
export interface RealNameCase extends AccountDetail {
  files: { key: string; name: string; url: string }[];
}
