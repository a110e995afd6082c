package shelf

import (
	"sync"
	"sync/atomic"
	"time"

	"jishi/internal/base/clock"
)

// Body is a rendered answer.
type Body struct {
	JSON []byte
	ETag string
}

type entry struct {
	body  Body
	epoch uint64
	until time.Time
}

// cache keeps rendered answers. Lists are valid for one epoch, which every change ends;
// product pages until their product changes. When it is full the older half goes: a
// second map takes over and what is used moves along.
type cache struct {
	mu         sync.RWMutex
	young, old map[string]entry
	bytes      int
	epoch      atomic.Uint64
}

const (
	cacheBytes = 24 << 20
	// lifetime bounds what a lost change could do.
	lifetime = time.Minute
)

func newCache() *cache { return &cache{young: map[string]entry{}} }

// get finds an answer. A list must be of the present epoch.
func (c *cache) get(key string, list bool) (Body, bool) {
	c.mu.RLock()
	e, ok := c.young[key]
	aged := false
	if !ok {
		e, ok = c.old[key]
		aged = ok
	}
	c.mu.RUnlock()
	if !ok || list && e.epoch != c.epoch.Load() || (clock.Wall{}).Now().After(e.until) {
		return Body{}, false
	}
	if aged {
		c.put(key, e)
	}
	return e.body, true
}

// keep stores an answer that was begun in the given epoch; a change meanwhile makes it
// stale, and it is dropped.
func (c *cache) keep(key string, b Body, epoch uint64) {
	if c.epoch.Load() == epoch {
		c.put(key, entry{b, epoch, clock.Wall{}.Now().Add(lifetime)})
	}
}

func (c *cache) put(key string, e entry) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.epoch.Load() < e.epoch {
		return
	}
	if _, there := c.young[key]; !there {
		c.bytes += len(e.body.JSON) + len(key)
	}
	c.young[key] = e
	if c.bytes > cacheBytes/2 {
		c.young, c.old, c.bytes = map[string]entry{}, c.young, 0
	}
}

// drop ends the epoch and forgets the given keys.
func (c *cache) drop(keys ...string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.epoch.Add(1)
	for _, k := range keys {
		delete(c.young, k)
		delete(c.old, k)
	}
}

// clear forgets everything.
func (c *cache) clear() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.epoch.Add(1)
	c.young, c.old, c.bytes = map[string]entry{}, nil, 0
}
