// Package integration is application access (应用接入): the debugging of a seller's production interface and the cases that
// are saved from it (saas.md §11).
//
// It owns integration_runs, the history of calls made with testFlag=1, and integration_cases, the saved ones (调试用例). A
// case belongs to a production address with its path, a generation and a scenario of wire/saas. It holds as long as the
// key and the origin that it was proven with are in force: nobody has to invalidate it, and a key that comes back makes
// it hold again. A product may be published only on cases that hold and have just passed again (§11.2).
//
// Calls are made by Caller, which stands above, and never inside a transaction. Console, catalogue (publication and
// review) and the twice-daily probe use it; what a failed run means for a product on sale is not decided here.
package integration
