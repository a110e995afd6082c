package isvapp

import (
	"sync"
	"time"
)

const (
	guardTries  = 10
	guardWindow = 10 * time.Minute
	guardNames  = 10_000
)

// guard slows down password guessing: ten wrong passwords per name and ten minutes, two comparisons at a time.
type guard struct {
	state *guardState
	slots chan struct{}
	now   func() time.Time
}

type guardState struct {
	mu     sync.Mutex
	failed map[string]guardCount
}

type guardCount struct {
	tries int
	until time.Time
}

func newGuard(now func() time.Time) guard {
	return guard{state: &guardState{failed: map[string]guardCount{}}, slots: make(chan struct{}, 2), now: now}
}

// try runs a password comparison for a name, unless the name has failed too often.
func (g guard) try(name string, matches func() bool) (ok, locked bool) {
	g.state.mu.Lock()
	c := g.state.failed[name]
	if g.now().After(c.until) {
		c = guardCount{until: g.now().Add(guardWindow)}
	}
	if c.tries >= guardTries {
		g.state.mu.Unlock()
		return false, true
	}
	c.tries++ // taken back on success, so parallel guesses are counted too
	if len(g.state.failed) >= guardNames {
		clear(g.state.failed)
	}
	g.state.failed[name] = c
	g.state.mu.Unlock()

	g.slots <- struct{}{}
	ok = matches()
	<-g.slots
	if ok {
		g.state.mu.Lock()
		delete(g.state.failed, name)
		g.state.mu.Unlock()
	}
	return ok, false
}
