package shelf

import "context"

// WaitReady returns when the search index answers; false when ctx ends before. Warm-up
// code and tests wait with it.
func (s *Shelf) WaitReady(ctx context.Context) bool {
	for !s.Ready() {
		if !s.WaitPass(ctx, 1) {
			return false
		}
	}
	return true
}

// WaitPass returns after the change sequence was read n more times; false when ctx ends
// before. It has one waiter at a time.
func (s *Shelf) WaitPass(ctx context.Context, n int64) bool {
	for until := s.passed.Load() + n; s.passed.Load() < until; {
		select {
		case <-s.pass:
		case <-ctx.Done():
			return false
		}
	}
	return true
}
