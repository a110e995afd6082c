// Package identity knows who people are: accounts (账号), their users, the operators of
// the marketplace (运营), sign-in, sessions, one-time links, API tokens and
// access keys (AK/SK), and the second factor (两步验证, TOTP) with its recovery codes.
//
// It owns accounts, users, operators, sign_ups, one_time_links, sessions,
// sign_in_counters, pending_sign_ins, second_factors, recovery_codes, api_tokens and
// account_access_keys. What a person may do is package access's; the letters
// that carry links are package notification's, so functions that make a link return it
// and the caller (trade/membership) writes the mail in the same transaction.
//
// An account is a company or a person (catalog-and-roles.md part A) with one owner and at
// most 50 sub-users (A2). Operators are a table of their own. An e-mail address belongs
// to one user of the whole marketplace, in lower case.
//
// States. Account: active ⇄ suspended. User and operator: pending (invited) → active ⇄
// disabled. Real name (实名认证): none → pending → verified | rejected; rejected → pending.
//
// Nothing secret is stored readably: passwords as argon2id, tokens and links as SHA-256,
// certificate numbers, secret keys and the second factor's secrets sealed,
// recovery codes as SHA-256. Sessions, locks and links follow the wall clock.
//
// Hashing a password takes tens of milliseconds, so it never happens inside a
// transaction: the caller obtains a Password first and hands it in.
package identity
