package isv

import (
	"context"
	"sync"
)

// Idempotent makes a Create function that keeps the first rule of the protocol: one order, one instance. It asks find
// for the instance of Create.Key and calls create only when there is none. Calls with one key run one after the other in
// this process, so two repeats at once cannot create two instances; several processes additionally need a unique key in
// their database.
//
// find must see what create has stored as soon as create has returned.
func Idempotent(find func(ctx context.Context, key string) (Instance, bool, error), create func(context.Context, Create) (Instance, error)) func(context.Context, Create) (Instance, error) {
	locks := &keyLocks{held: map[string]*keyLock{}}
	return func(ctx context.Context, c Create) (Instance, error) {
		key := c.Key()
		unlock, err := locks.lock(ctx, key)
		if err != nil {
			return Instance{}, err
		}
		defer unlock()
		if i, found, err := find(ctx, key); err != nil || found {
			return i, err
		}
		return create(ctx, c)
	}
}

// keyLocks is a lock per key, which lives as long as somebody holds or awaits it.
type keyLocks struct {
	mu   sync.Mutex
	held map[string]*keyLock
}

type keyLock struct {
	token chan struct{} // holds one value while the lock is taken
	users int
}

func (l *keyLocks) lock(ctx context.Context, key string) (unlock func(), err error) {
	l.mu.Lock()
	k := l.held[key]
	if k == nil {
		k = &keyLock{token: make(chan struct{}, 1)}
		l.held[key] = k
	}
	k.users++
	l.mu.Unlock()
	leave := func() {
		l.mu.Lock()
		defer l.mu.Unlock()
		if k.users--; k.users == 0 {
			delete(l.held, key)
		}
	}
	select {
	case k.token <- struct{}{}:
		return func() { <-k.token; leave() }, nil
	case <-ctx.Done():
		leave()
		return nil, ctx.Err()
	}
}
