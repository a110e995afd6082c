package people

import "jishi/internal/edge/console"

// RegisterGuests adds what a sandbox has of this part: who one is there, the messages, the
// legal texts. People sign in at the marketplace and are managed there.
func RegisterGuests(c *console.Console, s Deps) {
	a := api{Deps: s, c: c}
	a.showSession()
	a.messages()
	a.legal()
	a.account()
}
