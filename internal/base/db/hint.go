package db

import "sync"

// hints are signals inside one process about committed changes. Nothing may depend on
// them: other nodes never hear them.
type hints struct {
	mu        sync.Mutex
	listeners map[string][]chan struct{}
}

// Hint wakes those who listen to the topic on this DB; it never blocks.
func (d *DB) Hint(topic string) {
	d.hints.mu.Lock()
	defer d.hints.mu.Unlock()
	for _, c := range d.hints.listeners[topic] {
		select {
		case c <- struct{}{}:
		default: // one is waiting there already
		}
	}
}

// Listen gives a channel that hints of the topic arrive on, merged into one while nobody
// reads; stop ends it.
func (d *DB) Listen(topic string) (c <-chan struct{}, stop func()) {
	mine := make(chan struct{}, 1)
	d.hints.mu.Lock()
	defer d.hints.mu.Unlock()
	if d.hints.listeners == nil {
		d.hints.listeners = map[string][]chan struct{}{}
	}
	d.hints.listeners[topic] = append(d.hints.listeners[topic], mine)
	return mine, func() {
		d.hints.mu.Lock()
		defer d.hints.mu.Unlock()
		list := d.hints.listeners[topic]
		for i, other := range list {
			if other == mine {
				d.hints.listeners[topic] = append(list[:i:i], list[i+1:]...)
				return
			}
		}
	}
}
