// Package notification tells people what happened: letters by e-mail and station messages
// (站内信) in the consoles (catalog-and-roles.md E6).
//
// It owns mails, messages and message_reads. Modules above hand in a
// template's code and its arguments; the texts stand in internal/texts as
// mail.<code>.subject, mail.<code>.body, message.<code>.title and message.<code>.body.
//
// A letter is a row and a job, written in the transaction of its cause. Its arguments are
// sealed, since links in them open accounts. States: waiting → sent | kept | failed;
// failed → waiting (the retry button of its job). "kept" is the outcome of a site without
// a mail server: the demo shows such letters on its outbox page.
//
// A letter may leave twice when a process dies between the server's answer and the row;
// its Message-ID is the same both times.
package notification
